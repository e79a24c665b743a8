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

- 条件写值本身，或 `{{"$eq": 值}}`；别的比较（`$like`、`$in` …）回答 501。`tenantId` 只能是 `<default>`。
- 一次至多 1,000 行，缺省 100。`page.after` 填上一次回答的 `page.endCursor`；也可以用 `page.from` 跳过若干行；往回翻（`before`）不提供。
- 只按一个字段排序。

## 错误

错误是 `application/problem+json`：`type`、`title`（大写的错误代码）、`status`、`detail`（英文句子）、`instance`。
填写有误（422）另有 `fields`：`[{{"path", "message"}}]`；部署被拒另有 `problems`：`[{{"file", "line", "element", "severity", "message"}}]`。
错误各族的状态为 {statuses}；此外 400 请求读不懂（`BAD_REQUEST`、`INVALID_ARGUMENT`），413 与 429 见下，501 没有提供（`NOT_OFFERED`），
500 服务器出错（`INTERNAL`，已记入日志）。全部代码见[错误](errors.md)。

## 限度

每个调用者每秒至多 {per_second} 次、瞬间至多 {burst} 次，超过回答 429（`Retry-After: 1`）；请求体至多 {largest} MB，超过回答 413。

## 与公开接口的不同

- 键是数字的文字，如 `"2251799813685249"`；只有一个租户，`tenantId` 恒为 `<default>`；`topology` 恒为一个节点一个分区。
- 办结任务要过表单：不合规则的值回答 422，与网页完全一样。接口没有命令编号，重复办结回答 409（`TASK_CLOSED`）。
- `POST …/cancellation` 多一个 `reason`，`POST /deployments` 多一个 `note`，都进历史。
- 消息的 `timeToLive` 为零时不保留。`PUT /clock` 只往前拨，只在演示系统。
- 还没有的：异常、审计、统计、批量、迁移、文档等操作，见[还没有的](../explanation/not-there-yet.md)。
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
    "POST /v2/jobs/activation": "领取外部作业；可长轮询，最长 60 秒",
    "POST /v2/jobs/{key}/completion": "完成作业",
    "POST /v2/jobs/{key}/failure": "作业失败；没有重试次数时成为异常",
    "POST /v2/jobs/{key}/error": "抛出业务错误，由图上接住",
    "PATCH /v2/jobs/{key}": "改重试次数或时限",
    "PUT /v2/clock": "往前拨演示时钟（毫秒时间戳）",
    "POST /v2/clock/reset": "恢复真实时间",
}
