"""The release of a draft of the studio, as processes/rule_release draws it."""

from __future__ import annotations

from procurement.operations.descriptions.shape import Described, Failure, gives, may, need

RELEASE = need("release_id", "string", "发布编号，如 FB-2026-0001")

DESCRIBED = (
    Described(
        "release.check",
        "核对发布",
        "这次发布由谁复核、试行的去留由谁决定、改了哪些文件。复核人里没有改过和提交过这份草稿的人。",
        inputs=(RELEASE,),
        outputs=(
            gives("reviewers", "list", "可以复核的账号"),
            gives("deciders", "list", "可以决定试行去留的账号"),
            gives("summary", "string", "改了哪些文件"),
        ),
        changes=False,
    ),
    Described(
        "release.sign",
        "登记复核意见",
        "以刚办结上一步的人的名义登记意见，连同所签内容的哈希；同意的，草稿进入待发布。",
        inputs=(
            RELEASE,
            need("opinion", "string", "意见：agree 同意、return 退回、refuse 不同意"),
            may("reason", "string", "理由；退回、不同意时必写"),
        ),
        failures=(Failure("SIGNATURE_REFUSED", "这个人不能签：改过或提交过这份草稿，或没有复核权限；错误变量 refusal 为原因"),),
    ),
    Described(
        "release.apply",
        "发布",
        "在同一个事务里部署全部文件、把草稿记为已发布、登记发布。",
        inputs=(RELEASE,),
        outputs=(gives("made", "list", "发布出的版本，如 process goal_setting 5"),),
        failures=(
            Failure("RELEASE_REFUSED", "检查有错误、案例不合、在用的已经变了、没有他人同意这份内容；错误变量 refusal 为原因"),
        ),
    ),
    Described(
        "release.close",
        "结束发布",
        "没有发布的：撤回、退回、发布时不合的，草稿重新打开；不同意的，草稿停用。",
        inputs=(
            RELEASE,
            need("outcome", "string", "结果", choices=("withdrawn", "returned", "refused", "not_applied")),
            may("reason", "string", "理由"),
        ),
    ),
    Described(
        "release.roll_back",
        "恢复原规则",
        "把这次发布之前的内容作为新的一版部署。后来又发布过同一文件的不动，rolled_back 为 false。",
        inputs=(RELEASE, may("reason", "string", "理由")),
        outputs=(gives("rolled_back", "boolean", "恢复了没有"),),
    ),
)
