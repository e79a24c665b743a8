"""What the page of the JSON API says that cannot be asked of the routers."""

from __future__ import annotations

OPENING = """# JSON 接口 `/v2`

{generated}
路径、字段、枚举、分页和错误的样子依照 Camunda 8 公开的 Orchestration Cluster REST API，所以它的客户端（例如 PyPI 的
`camunda-orchestration-sdk`）不改就能用。没有提供的操作、条件和排序回答 **501** 并说明，绝不悄悄忽略。机器可读的描述在
`/openapi.json`，可以试用的页面在 `/docs`。怎样开始见[用令牌调用接口](../how-to/use-the-api.md)。

## 谁在调用

- `Authorization: Bearer bxt_…`：在“我的账号”建立的令牌，只显示一次，数据库里只存它的 SHA-256；可以定有效期、随时吊销。
- `Authorization: Basic …`：登录名和密码，拥有全部范围；连续输错同样会被暂时锁定。

令牌能做的事，是它的**范围**与主人的**角色**都允许的事：

{scopes}

## 操作
"""

AFTER = """
## 查找

请求体是 `{{"filter": {{…}}, "sort": [{{"field": …, "order": "ASC"}}], "page": {{"limit": 100, "after": …}}}}`，都可以省略。

{searches}

- 条件写值本身，或写比较：相等 `{{"$eq": 值}}`；其中之一 `$in`、`$notIn`、`$neq`；有无 `$exists`；样式 `{{"$like": "CG-2026*"}}`（`*` 任意、`?` 一个字）；
  先后大小 `$gt` `$gte` `$lt` `$lte`。几个比较写在一起要同时成立。表里没有写的条件和比较回答 501。`tenantId` 只能是 `<default>`。
- 时间写 ISO 8601 并带时区，如 `2026-03-02T09:00:00+08:00`。
- 一次至多 1,000 行，缺省 100。`page.after` 填上一次回答的 `page.endCursor`；也可以用 `page.from` 跳过若干行（审计和决策实例除外）；往回翻（`before`）不提供。
- `totalItems` 数到 10,000 为止，`hasMoreTotalItems` 说还有没有；审计和决策实例只数这一页。
- 只按一个字段排序。

## 错误

错误是 `application/problem+json`：`type`、`title`（大写的错误代码）、`status`、`detail`（英文句子）、`instance`。
填写有误（422）另有 `fields`：`[{{"path", "message"}}]`；部署被拒另有 `problems`：`[{{"file", "line", "element", "severity", "message"}}]`。
错误各族的状态为 {statuses}；此外 400 请求读不懂（`BAD_REQUEST`、`INVALID_ARGUMENT`），413 与 429 见下，501 没有提供（`NOT_OFFERED`），
500 服务器出错（`INTERNAL`，已记入日志）。全部代码见[错误](errors.md)。

## 只做一次

改动案件的操作可以带请求头 `Idempotency-Key`（1 到 200 个可见 ASCII 字符，每人各用各的）。同一个键再发同样的请求，不会再做，回答与第一次相同；
键认操作和对象（哪个任务、哪个作业、哪个流程），不比较内容；已用于别的操作或对象时回答 409（`COMMAND_ID_TAKEN`）。键保留 30 天。可以带的操作：{repeatable}。
别的操作带了它回答 501；请求里有不认识的字段、查询参数回答 400。

## 限度

每个调用者每秒至多 {per_second} 次、瞬间至多 {burst} 次，超过回答 429（`Retry-After: 1`）；请求体至多 {largest} MB，超过回答 413。

## 与公开接口的不同

- 键是数字的文字，如 `"2251799813685249"`；只有一个租户，`tenantId` 恒为 `<default>`；`topology` 恒为一个节点一个分区。
- 办结任务要过表单：不合规则的值回答 422，与网页完全一样。重复办结回答 409（`TASK_CLOSED`）；同一个 `Idempotency-Key` 再发一次，回答与第一次相同。
- 终止、暂停、恢复、修改、迁移多一个 `reason`，`POST /deployments` 多一个 `note`，都进历史。`operationReference` 不提供（501）：用 `reason`。
- 消息的 `timeToLive` 为零时不保留。`PUT /clock` 只往前拨，只在演示系统。
- 作业被领走以后仍显示 `CREATED`，另有 `worker` 和 `deadline`；操作失败的异常归入 `JOB_NO_RETRIES`。
- 决策实例和审计出自案件的历史：`decisionEvaluationKey`、`auditLogKey` 是案件键后接九位数的历史序号；一次决策牵涉的其他表在同一个键的 `-2`、`-3` …。
  审计记录的 `entityDescription` 是历史里原来的种类，比公开的 `operationType` 更细。
- 迁移整批（`POST /process-instances/migration`）由工作者逐个办；条件命中的实例必须是同一版。修改里的变量只能给新开始的图元自己（`scopeId` 等于它）。
- 批量终止、暂停、修改、处理异常，作业的统计，文档、用户和角色的操作都没有，回答 501。
"""

WHAT = {
    "GET /v2/topology": "一个节点、一个分区和版本号",
    "GET /v2/status": "数据库有应答时 204",
    "GET /v2/authentication/me": "我是谁，有哪些角色和所代表的一家",
    "POST /v2/deployments": "部署 .bpmn .dmn .form（multipart，字段 `resources`），全部成功或全部不部署",
    "POST /v2/process-definitions/search": "流程定义",
    "GET /v2/process-definitions/{key}": "一个流程定义",
    "GET /v2/process-definitions/{key}/xml": "流程图原文",
    "GET /v2/process-definitions/{key}/form": "恒为 204：开始流程不用表单",
    "POST /v2/process-instances": "开始一个流程，走到有人或有事要等为止",
    "POST /v2/process-instances/search": "流程实例",
    "GET /v2/process-instances/{key}": "一个流程实例",
    "POST /v2/process-instances/{key}/cancellation": "终止",
    "POST /v2/element-instances/search": "走过和停在哪些图元",
    "PUT /v2/element-instances/{key}/variables": "改变量；`local` 时写入这一层",
    "POST /v2/user-tasks/search": "调用者看得到的任务",
    "GET /v2/user-tasks/{key}": "一个任务",
    "GET /v2/user-tasks/{key}/form": "任务开始时的那一版表单；没有表单 204",
    "POST /v2/user-tasks/{key}/assignment": "认领或转交",
    "DELETE /v2/user-tasks/{key}/assignee": "放回待认领",
    "POST /v2/user-tasks/{key}/completion": "办结",
    "POST /v2/user-tasks/{key}/variables/search": "任务看得见的变量，同名取最近的",
    "POST /v2/variables/search": "变量",
    "GET /v2/variables/{key}": "一个变量",
    "POST /v2/messages/publication": "发布消息；没有人等时保留 `timeToLive` 毫秒",
    "POST /v2/messages/correlation": "交给正在等的一个实例；没有人等 404",
    "POST /v2/decision-definitions/search": "决策",
    "GET /v2/decision-definitions/{key}/xml": "决策表原文",
    "POST /v2/decision-definitions/evaluation": "问一次决策，带解释；不留存",
    "POST /v2/jobs/activation": "领取外部作业；可长轮询，最长 60 秒；`withLease` 时带租约",
    "POST /v2/jobs/{key}/completion": "完成作业；租约已失去时 409",
    "POST /v2/jobs/{key}/failure": "作业失败；没有重试次数时成为异常",
    "POST /v2/jobs/{key}/error": "抛出业务错误，由图上接住",
    "PATCH /v2/jobs/{key}": "改重试次数或时限",
    "GET /v2/process-instances/{key}/statistics/element-instances": "每个图元停着、异常、走完、终止各几次",
    "POST /v2/process-definitions/{key}/statistics/element-instances": "同上，一个版本的全部实例",
    "GET /v2/process-instances/{key}/sequence-flows": "走过的连线",
    "GET /v2/process-instances/{key}/call-hierarchy": "从最上一级到自己，谁调用了谁",
    "POST /v2/process-instances/{key}/suspension": "暂停整个案件",
    "POST /v2/process-instances/{key}/resumption": "恢复",
    "POST /v2/process-instances/{key}/modification": "开始、移动、终止图元，全部成功或全部不做",
    "POST /v2/process-instances/{key}/migration": "搬到另一版；不能安全搬的回答 409 和理由",
    "POST /v2/process-instances/migration": "条件命中的全部实例搬到另一版，由工作者逐个办",
    "POST /v2/batch-operations/search": "批量操作",
    "GET /v2/batch-operations/{key}": "一个批量操作办到哪里",
    "POST /v2/batch-operations/{key}/cancellation": "没办的不再办",
    "POST /v2/batch-operation-items/search": "一个批量操作里的每一个实例；条件 `batchOperationKey` 必填",
    "GET /v2/element-instances/{key}": "一个图元实例",
    "POST /v2/user-tasks/{key}/audit-logs/search": "一个任务上发生过什么",
    "POST /v2/signals/broadcast": "告诉正在等这个信号的每一个",
    "POST /v2/expression/evaluation": "算一个 FEEL 表达式，可带 `scopeKey` 用案件里的变量；不留存",
    "POST /v2/decision-instances/search": "案件里作过的决策",
    "GET /v2/decision-instances/{key}": "一次决策的输入和命中的行",
    "POST /v2/incidents/search": "异常",
    "GET /v2/incidents/{key}": "一个异常",
    "POST /v2/incidents/{key}/resolution": "再试一次；没有重试次数的作业加一次",
    "POST /v2/process-instances/{key}/incidents/search": "一个实例和它调用的各实例的异常",
    "POST /v2/element-instances/{key}/incidents/search": "一个图元和它里面的异常",
    "POST /v2/incidents/statistics/process-instances-by-error": "每一种原因停了几个实例",
    "POST /v2/incidents/statistics/process-instances-by-definition": "一种原因停在哪些版本",
    "POST /v2/jobs/search": "作业",
    "POST /v2/audit-logs/search": "谁做了什么，全部案件，新的在前",
    "GET /v2/audit-logs/{key}": "一条审计记录",
    "PUT /v2/clock": "往前拨演示时钟（毫秒时间戳）",
    "POST /v2/clock/reset": "恢复真实时间",
}
