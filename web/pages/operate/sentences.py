"""What the runner writes when it cannot go on, in Chinese. It writes these itself, so the catalogue does not know them.

Keys are the sentences as engine.spiff writes them, with names where values stand.
"""

from __future__ import annotations

SENTENCES = {
    "The condition ={text} gives {found}, neither true nor false ({why}). Set the variables it reads.": "条件 ={text} 的结果是 {found}，既不是“是”也不是“否”（{why}）。请补上它读取的变量。",
    "The condition ={text} gives {found}, neither true nor false. Set the variables it reads.": "条件 ={text} 的结果是 {found}，既不是“是”也不是“否”。请补上它读取的变量。",
    "The condition ={text} cannot be evaluated: {error}": "条件 ={text} 算不出来：{error}",
    "No condition of {element} is true and it has no default flow.": "{element} 的条件没有一个成立，也没有画默认的去向。",
    "={text} cannot be evaluated: {error}": "={text} 算不出来：{error}",
    "{text} gives a value that cannot be a process variable: {error}": "{text} 的结果不能作为流程变量：{error}",
    "The {what} {text} gives {found}. It must give a text that is not empty.": "{what} {text} 的结果是 {found}，应当是不空的文字。",
    "The {what} {text} gives {found}. It must give a text or null.": "{what} {text} 的结果是 {found}，应当是文字或空。",
    "The {what} {text} gives {found}. It must give a date or null.": "{what} {text} 的结果是 {found}，应当是日期或空。",
    "The {what} {text} gives {found}. It must give a list of texts, or one text with commas.": "{what} {text} 的结果是 {found}，应当是文字的列表，或用逗号隔开的文字。",
    "The input collection ={text} of {element} gives {found}. It must give a list.": "{element} 的输入集合 ={text} 的结果是 {found}，应当是列表。",
    "The priority {text} gives {found}. It must be a whole number from 0 to 100.": "优先级 {text} 的结果是 {found}，应当是 0 到 100 的整数。",
    "The priority {text} gives {found}, not a number.": "优先级 {text} 的结果是 {found}，不是数。",
    "The retries {text} give {found}, not a whole number.": "重试次数 {text} 的结果是 {found}，不是整数。",
    "The operation {operation} answered what no variable can hold: {error}": "操作 {operation} 的回答不能作为变量：{error}",
    "The form {form} is not deployed. Deploy it, then retry.": "表单 {form} 没有部署。请部署，再重试。",
    "The error {code} is not caught: {reason}. Draw an error boundary event or an error event sub-process for it.": "没有图元接住业务异常 {code}：{reason}。请为它画错误边界事件或错误事件子流程。",
    "The error {code} is not caught. Draw an error boundary event or an error event sub-process for it.": "没有图元接住业务异常 {code}。请为它画错误边界事件或错误事件子流程。",
    "The join {element} waits for a flow on which nothing can come any more.": "汇合处 {element} 在等一条不会再有人走来的路。",
    "The elements to begin ={text} give {found}. They must be a list of ids of what stands inside: {known}.": "要开始的图元 ={text} 的结果是 {found}，应当是里面图元编号的列表：{known}。",
    "Nothing is active in {element}, but its completion condition ={text} is not true. Change the variables it reads and retry, or begin another element by hand.": "{element} 里没有在办的了，完成条件 ={text} 却不成立。请改变它读的变量再重试，或由人激活另一个图元。",
    "{process} is called more than {levels} levels deep. Does it call itself?": "{process} 一层层调用超过 {levels} 层，是不是在调用自己？",
    "More than {steps} steps ran without waiting. Let the loop wait for something.": "一口气走了超过 {steps} 步。请让循环等待某件事。",
    "The process {process} has no start event {event}.": "流程 {process} 没有开始事件 {event}。",
    "{element} names nothing to wait for.": "{element} 没有写明等什么。",
    "The message {name} has no correlation key.": "消息 {name} 没有匹配值。",
    "The job {type} failed for the last time: {message}. Mend the cause, then retry.": "作业 {type} 最后一次也失败了：{message}。请排除原因，再重试。",
    "The timer {element} could not be fired: {cause}. Mend the cause, then retry.": "定时器 {element} 到期了却没有办成：{cause}。请排除原因，再重试。",
    "line {line}, column {column}: {text}": "第 {line} 行第 {column} 列：{text}",
    "null {operator} number has no answer": "空值与数不能用 {operator} 比较",
    "null {operator} string has no answer": "空值与文字不能用 {operator} 比较",
    "null {operator} date has no answer": "空值与日期不能用 {operator} 比较",
}
