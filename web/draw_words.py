"""What the checks of a draw file say, in Chinese; the command line and the public page both use it."""

from __future__ import annotations

from collections.abc import Mapping

from procurement.draw import Check

# code → (what was checked, what is said when it does not hold)
SAID: Mapping[str, tuple[str, str]] = {
    "readable": ("文件读得懂", "文件的内容不是抽取文件应有的样子：{cause}"),
    "format": ("格式与版本：bixuan-draw 第 {version} 版", "格式、版本或各项名称与第 1 版不符"),
    "digest": ("文件自身的校验值相符：{sha256}", "文件自身的校验值不符：文件被改动过，或没有下载完整"),
    "announcement": ("公布的内容与它的校验值相符", "公布的内容与它的校验值不符"),
    "candidates": ("候选名单 {count} 份承诺，次序与校验值相符", "候选名单的承诺有重复、次序不对，或与名单校验值不符"),
    "commitments": (
        "{count} 方的承诺都由公布的参与方在公布以后、截止以前交来",
        "有承诺不是公布的参与方交的、交了两次，或不在规定的时间里",
    ),
    "sides": ("承诺截止时有 {sides} 个不同的方参与", "参与的不同方不够，或有承诺晚于截止"),
    "unfinished": ("本轮还没有完成，到这里为止都相符", "本轮还没有完成，文件里却有不该有的内容"),
    "reveals": ("{count} 方揭示的内容与各自的承诺相符，都在规定的时间里", "揭示的内容与承诺不符，或不在规定的时间里：{wrong}"),
    "void": ("本轮作废，原因在：{missing}；没有产生任何结果", "本轮写作废，但原因不符，或仍写了结果"),
    "all_revealed": ("交了承诺的各方都揭示了", "有人没有揭示，或参与的方不够，却得出了结果"),
    "outside": ("外部公开数值与公布时说的一致（{value}）", "外部公开数值与公布时说的不一致，或不是两人录入"),
    "seed": ("由揭示的内容、外部数值和公布内容算出种子：{seed}", "种子不是由这些内容算出来的；应为 {seed}"),
    "result": ("由种子重新抽取，结果相同：抽中 {drawn} 名，候补 {alternates} 名", "由种子重新抽取，结果不同"),
    "opened": ("公开的 {count} 个姓名与候选名单的承诺逐一相符", "公开的姓名与候选名单的承诺不符"),
}


def sentence(check: Check) -> str:
    """One line for one check, without its mark."""
    good, bad = SAID[check.code]
    if check.code == "outside" and check.ok and not check.params["value"]:
        return "公布时没有说要用外部公开数值，也没有用"
    return (good if check.ok else bad).format(**{"value": "", "wrong": "", **check.params})


def lines(checks: list[Check]) -> list[str]:
    """✓ or ✗ and a sentence for each check."""
    return [f"{'✓' if check.ok else '✗'} {sentence(check)}" for check in checks]
