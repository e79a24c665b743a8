"""Sealed bids: naming the key holders, sealing, the list of receipts, the opening and its minutes."""

from __future__ import annotations

from procurement.operations.descriptions.shape import PURCHASE, Described, Failure, gives, may, need

AGENCY = may("agency_id", "string", "第三方支持机构编号；不写时取登记的")
HOLDER = (
    gives("value", "string", "账号，供下拉选择"),
    gives("label", "string", "姓名、单位，供下拉选择"),
    gives("login", "string", "账号"),
    gives("name", "string", "姓名"),
    gives("told", "string", "姓名（单位）"),
    gives("part", "string", "代表哪一方"),
    gives("has_code", "boolean", "是否已有开启码"),
)
PRESENT = (gives("login", "string", "账号"), gives("name", "string", "姓名"), gives("part", "string", "代表哪一方"))

DESCRIBED = (
    Described(
        "sealing.holders",
        "列出可任持钥人的人",
        "街道（采购经办、街道领导）、本次支持机构、纪检三方的在用账号，并说明有没有开启码。",
        inputs=(PURCHASE, AGENCY),
        outputs=(
            gives("street_holders", "list", "街道一方", *HOLDER),
            gives("agency_holders", "list", "支持机构一方", *HOLDER),
            gives("supervisor_holders", "list", "纪检一方", *HOLDER),
        ),
        changes=False,
    ),
    Described(
        "sealing.prepare",
        "生成密封钥匙",
        "生成本次比选的密封钥匙，分成几份交给持钥人（各用自己的开启码才能取出），私钥随即消失。重新组织时另生成一把。",
        inputs=(
            PURCHASE,
            AGENCY,
            need("holders", "list", "持钥人账号；街道、支持机构、纪检各至少一人"),
            need("needed", "number", "开启需要几人到场交钥"),
            may("least_holders", "number", "持钥人最少几人；不写时为 1"),
            may("least_needed", "number", "开启最少需要几人；不写时为 1"),
        ),
        outputs=(
            gives(
                "sealing",
                "context",
                "密封的公开信息",
                gives("fingerprint", "string", "密封公钥的指纹"),
                gives("cipher", "string", "加密算法"),
                gives("needed", "number", "开启需要几人"),
                gives("holders", "list", "持钥人", *PRESENT),
                gives("sealed_at", "date and time", "何时生成"),
            ),
        ),
        failures=(
            Failure("HOLDERS_UNFIT", "持钥人不合要求；错误变量 refusal 说明原因"),
            Failure("HOLDER_WITHOUT_CODE", "有人还没有开启码；错误变量 without_code 列出账号和姓名"),
        ),
        article="《办法》第九条(七)",
    ),
    Described(
        "bid.receipts",
        "列出收件回执",
        "截止以后列出收到的参选文件：编号、时间、校验值，没有名称。正在收的收完才列。",
        inputs=(PURCHASE,),
        outputs=(
            gives(
                "receipts",
                "list",
                "回执，按递交先后",
                gives("number", "string", "回执编号"),
                gives("submitted_at", "date and time", "收到时间"),
                gives("sha256", "string", "参选记录的校验值"),
            ),
            gives("bid_count", "number", "份数"),
        ),
        article="《办法》第九条(七)",
        changes=False,
    ),
    Described(
        "bid.return",
        "退回未开启的参选文件",
        "不解密，销毁数据钥匙，参选文件从此谁也打不开；回执保留，注明已退回。",
        inputs=(PURCHASE,),
        outputs=(gives("returned", "list", "退回的回执编号"), gives("returned_count", "number", "份数")),
        article="87号令第四十一条（参照）",
    ),
    Described(
        "opening.call",
        "召集开启",
        "截止以后开始收钥匙；再召集一次还是同一次开启。",
        inputs=(PURCHASE,),
        outputs=(
            gives(
                "opening",
                "context",
                "这次开启",
                gives("number", "string", "编号"),
                gives("needed", "number", "需要几人交钥"),
                gives("holders", "list", "持钥人", *PRESENT),
                gives("fingerprint", "string", "密封公钥的指纹"),
            ),
        ),
        article="《办法》第九条(七)",
    ),
    Described(
        "opening.keys",
        "核对交钥",
        "到了几把钥匙、还差几把、谁还没交。第一次核对时，记下刚办结上一步的人为主持人。",
        inputs=(PURCHASE, may("place", "string", "开启地点，第一次核对时记下")),
        outputs=(
            gives("keys_given", "number", "已交几把"),
            gives("keys_needed", "number", "需要几把"),
            gives("keys_missing", "number", "还差几把"),
            gives("missing_holders", "list", "还没交的持钥人", *PRESENT),
        ),
    ),
    Described(
        "opening.minutes",
        "拟开启记录",
        "按登记写出开启记录：到场的人、每份参选文件的结果。",
        inputs=(PURCHASE,),
        outputs=(
            gives("minutes", "context", "开启记录"),
            gives("minutes_text", "string", "开启记录的文字"),
            gives("signers", "list", "应当签字的人", *PRESENT),
            gives("valid_bids", "number", "有效份数"),
        ),
        changes=False,
    ),
    Described(
        "opening.conclude",
        "结束开启",
        "记下签字，结束开启，销毁交来的钥匙份额；返回可以公布的开启记录。",
        inputs=(PURCHASE, may("signatures", "list", "签字：账号 login、保留意见 remark")),
        outputs=(gives("opening_record", "context", "开启记录，含签字和校验值"),),
    ),
)
