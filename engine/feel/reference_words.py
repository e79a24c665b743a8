"""The Chinese words of the reference page: one line for each function, and the headings."""

from __future__ import annotations

HEADINGS = {
    "conversion": "转换",
    "logic": "真假与同一",
    "strings": "文字",
    "numbers": "数",
    "lists": "列表",
    "statistics": "列表上的计算",
    "contexts": "上下文",
    "calendar": "日期",
    "intervals": "点与范围的位置关系",
}

MEANINGS = {
    "date": "由文字、日期时间或年月日得到日期",
    "time": "由文字、日期时间或时分秒得到时刻",
    "date and time": "由文字、日期加时刻或各个部分得到日期时间；时区写偏移小时或地名",
    "duration": "由文字得到时长：天与时分秒，或年与月，二者不可混写",
    "years and months duration": "两个日期之间的整月数",
    "number": "把文字读成数；可说明千位分隔符和小数点",
    "string": "把任何值写成文字；null 仍是 null",
    "range": "由文字得到范围，两端须是写明的值",
    "not": "取反；null 仍是 null",
    "all": "全真为真，有假为假，否则为 null",
    "any": "有真为真，全假为假，否则为 null",
    "is": "类型和各部分都相同才为真；时区不同的同一时刻不算",
    "substring": "从某个位置起的一段文字；位置从 1 数，负数从末尾数",
    "string length": "字数",
    "upper case": "转成大写",
    "lower case": "转成小写",
    "substring before": "第一次出现之前的文字，没有出现则为空",
    "substring after": "第一次出现之后的文字，没有出现则为空",
    "contains": "是否包含",
    "starts with": "是否以它开头",
    "ends with": "是否以它结尾",
    "matches": "正则表达式（XPath 写法）是否在文字中某处匹配；标志 s、m、i、x",
    "replace": "替换每一处匹配；$1 是第一个括号匹配到的文字，$0 是整个匹配",
    "split": "按正则表达式切开",
    "string join": "用分隔符连接，null 跳过",
    "decimal": "保留几位小数，恰好一半时取偶",
    "floor": "向下取到几位小数",
    "ceiling": "向上取到几位小数",
    "round up": "远离零取整",
    "round down": "向零取整",
    "round half up": "四舍五入",
    "round half down": "五舍六入",
    "abs": "绝对值",
    "modulo": "余数，符号同除数",
    "sqrt": "平方根",
    "log": "自然对数",
    "exp": "e 的幂",
    "odd": "是否奇数",
    "even": "是否偶数",
    "list contains": "列表里有没有这个值",
    "count": "个数",
    "sublist": "从某个位置起的几个元素",
    "append": "在末尾加元素",
    "concatenate": "把几个列表接起来",
    "insert before": "在某个位置之前插入",
    "remove": "去掉某个位置的元素",
    "list replace": "换掉某个位置的元素，或换掉符合条件的元素",
    "reverse": "倒序",
    "index of": "等于它的所有位置",
    "distinct values": "去掉重复",
    "union": "接起来并去掉重复",
    "flatten": "把列表里的列表展开",
    "sort": "排序；函数说明谁在前，不给函数时从小到大",
    "min": "最小值，空列表为 null",
    "max": "最大值，空列表为 null",
    "sum": "合计，空列表为 null",
    "mean": "平均数",
    "product": "连乘",
    "median": "中位数",
    "stddev": "样本标准差，至少两个数",
    "mode": "出现最多的数",
    "get value": "按名字取一项，没有则为 null",
    "get entries": "列出全部名字和值",
    "context": "由名字和值的列表得到上下文",
    "context put": "加上或换掉一项；给出名字的列表时改里层的一项",
    "context merge": "合并，后面的优先",
    "now": "现在",
    "today": "今天",
    "day of year": "一年中的第几天",
    "day of week": "星期几（英文）",
    "month of year": "月份（英文）",
    "week of year": "一年中的第几周（ISO，周一起算）",
    "before": "在它之前",
    "after": "在它之后",
    "meets": "前一段的终点正是后一段的起点",
    "met by": "前一段的起点正是后一段的终点",
    "overlaps": "有共同的部分",
    "overlaps before": "先开始，并在后一段中结束",
    "overlaps after": "在前一段中开始，并在其后结束",
    "finishes": "是它的终点，或是它末尾的一段",
    "finished by": "以它为终点或末尾的一段",
    "includes": "包含它",
    "during": "在它之中",
    "starts": "是它的起点，或是它开头的一段",
    "started by": "以它为起点或开头的一段",
    "coincides": "完全重合",
}

BOUNDS = {
    "text_length": "一个公式的字符数",
    "nesting": "括号、if、函数相互嵌套的层数",
    "chain": "连续的运算、else if 或取项的个数",
    "steps": "一次计算的步数（循环、列表元素、函数调用）",
    "call_depth": "函数相互调用的层数",
    "collection": "一个列表的元素数",
    "string": "一段文字的字符数",
    "regex_seconds": "一次正则匹配的秒数",
}

OPENING = """# FEEL 参考：值、运算和函数

本页由 `python -m engine.feel.reference procurement.calendar.feel:EXTENSIONS` 从代码生成，每个例子都由测试核对。
写法入门见[怎样写限额、日期和工作日](../how-to/tables-and-dates.md)。语言是 DMN 1.5 的 FEEL，表达式只在自己的解释器里计算，从不执行 Python。

## 值

| 类型 | 写法 | 可取的部分 |
|---|---|---|
| number 数 | `50000`、`0.05`、`1.2e3`；34 位十进制，不经浮点 | |
| string 文字 | `"公开比选"`；`\\n`、`\\"`、`\\u6bd4` | |
| boolean 真假 | `true`、`false` | |
| 空 | `null` | |
| date 日期 | `@"2026-03-02"`、`date("2026-03-02")` | `year` `month` `day` `weekday`（周一为 1） |
| time 时刻 | `@"09:30:00"`、`@"09:30:00+08:00"` | `hour` `minute` `second` `time offset` `timezone` |
| date and time 日期时间 | `@"2026-03-02T09:30:00@Asia/Shanghai"` | 以上两行的全部 |
| days and time duration 天时长 | `@"P5D"`、`@"PT8H30M"` | `days` `hours` `minutes` `seconds` |
| years and months duration 年月时长 | `@"P1Y6M"` | `years` `months` |
| range 范围 | `[1..10]`、`(1..10]`、`[1..10)`、`(> 5)` | `start` `end` `start included` `end included` |
| list 列表 | `[1, 2, 3]`；`list[1]` 第一个，`list[-1]` 最后一个 | |
| context 上下文 | `{name: "A", amount: 3}`；`x.amount` | 各项的名字 |
| function 函数 | `function(a, b) a + b` | |

## 运算，从最松到最紧

| 写法 | 含义 |
|---|---|
| `if c then a else b`；`for x in list return e`；`some x in list satisfies c`；`every x in list satisfies c` | 条件、逐个计算（`partial` 是已得的结果）、有一个、每一个 |
| `a or b` | 三值：一个为真即真，否则有 null 即 null |
| `a and b` | 三值：一个为假即假，否则有 null 即 null |
| `=` `!=` `<` `<=` `>` `>=`；`x between a and b`；`x in [1..5]`、`x in (< 5, > 9)`；`x instance of number` | 比较；类型不同不能比较，得 null |
| `+` `-` | 加减；文字相接；日期加减时长；日期相减得时长 |
| `*` `/` | 乘除；除以零得 null |
| `**` | 乘方，从左算起 |
| `-a` | 取负，比乘方更紧 |
| `list[c]`；`a.b`；`f(x)`、`f(name: x)` | 筛选（`item` 是当前元素）、取项、调用（按位置或按名字） |

决策表的单元格写一组测试：`-`、`< 50000`、`[1..5]`、`"A", "B"`、`not("A")`，或者含 `?`（即输入值）的条件，如 `string length(?) > 4`。
注释写 `// …` 或 `/* … */`。
"""
