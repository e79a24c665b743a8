"""What the page around the editors says; its scripts get the words from the page, so that they come in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _


def shell_words() -> dict[str, str]:
    """By the name the scripts use. ``{…}`` is filled there."""
    return _files() | _saving() | _conflict() | _versions() | _people()


def _files() -> dict[str, str]:
    return {
        "diagram": _("流程图"),
        "tables": _("决策表"),
        "form": _("表单"),
        "ledger": _("台账"),
        "case": _("案例"),
        "readme": _("说明"),
        "silenced": _("停用记录"),
        "elsewhere": _("别的文件夹的文件"),
        "changed": _("已改"),
        "added": _("新增"),
        "deleted": _("已删"),
        "moved": _("现行版本已变"),
        "newFile": _("新建文件"),
        "kind": _("种类"),
        "name": _("文件名（小写字母、数字和下划线）"),
        "caseName": _("文件名"),
        "title": _("名称"),
        "create": _("新建"),
        "takeFile": _("取入别的文件夹的文件"),
        "takeHint": _("共用的决策表、被调用的流程都可以取入这份草稿一起改、一起发布。"),
        "search": _("查找"),
        "take": _("取入"),
        "remove": _("删除文件"),
        "removeAsk": _("从草稿中删除 {path}？发布之后它才真正不再使用；发布前随时可以恢复。"),
        "revert": _("撤销改动"),
        "revertAsk": _("把 {path} 恢复成现行版本？草稿里写过的每一版仍在“版本记录”中。"),
        "cancel": _("取消"),
        "close": _("关闭"),
        "nothing": _("没有符合的文件。"),
        "isDeleted": _("这个文件在草稿中已删除。用“撤销改动”恢复。"),
        "cannotOpen": _("编辑器打不开这个文件，先看源码：{cause}"),
        "source": _("源码"),
        "sourceLabel": _("{path} 的源码"),
        "drawn": _("编辑器"),
        "loading": _("正在打开……"),
    }


def _saving() -> dict[str, str]:
    return {
        "saved": _("已保存"),
        "savedAt": _("已保存 {time}"),
        "unsaved": _("有改动，即将自动保存"),
        "saving": _("正在保存……"),
        "readOnly": _("只读"),
        "offline": _("没有连上服务器。改动留在这台电脑上，连上后自动保存。"),
        "server": _("服务器暂时不能保存，稍后自动再试。改动留在这台电脑上。"),
        "signedOut": _("登录已失效。请在新窗口重新登录，回到这里会自动保存；改动留在这台电脑上。"),
        "signIn": _("去登录"),
        "refused": _("没有保存：{problem}"),
        "tooLarge": _("没有保存：文件超过 {limit}，请拆成几个文件。改动留在这台电脑上。"),
        "unreadable": _("编辑器现在给不出完整的文件：{cause}"),
        "recovered": _("找到上次没有保存成功的改动"),
        "recoveredText": _("{path}：{time} 的改动留在这台电脑上，没有存进草稿。要用它吗？"),
        "recoveredOther": _("在那之后，{by} 于 {at} 保存过新版本。用它会成为更新的一版，两版都留在“版本记录”中。"),
        "useIt": _("用没有保存的改动"),
        "dropIt": _("不要了"),
        "later": _("以后再说"),
    }


def _conflict() -> dict[str, str]:
    return {
        "conflict": _("这个文件被别人先保存了"),
        "conflictText": _("{by} 于 {at} 保存了 {path}。您的改动没有覆盖它，两份都已留在“版本记录”中。请选择："),
        "conflictSelf": _("您在另一个窗口"),
        "conflictWaiting": _("与 {by} 的版本冲突，等您选择"),
        "choose": _("现在选择"),
        "takeTheirs": _("用那一份"),
        "keepMine": _("用我的，成为新的一版"),
        "downloadMine": _("下载我的"),
        "theirs": _("那一份"),
        "mine": _("我的"),
        "newer": _("{by} 保存了这个文件的新版本。"),
        "load": _("载入新版本"),
        "movedTitle": _("现行版本在您改动之后变了"),
        "movedText": _("{path} 的现行版本已被另一次发布改过。发布前要选定：在新的基础上保留您的改动，还是用现行版本。"),
        "keepOnNew": _("保留我的，以现行版本为基础"),
        "useShelf": _("用现行版本，放弃我的改动"),
        "shelf": _("现行版本"),
        "same": _("两份内容相同。"),
        "moreLines": _("…… {n} 行相同 ……"),
        "tooDifferent": _("两份内容相差太大，不逐行列出。"),
    }


def _versions() -> dict[str, str]:
    return {
        "versions": _("版本记录"),
        "versionsText": _("每次保存都留着，任何一版都可以恢复；恢复会成为新的一版。"),
        "noVersions": _("草稿里还没有保存过这个文件。"),
        "aside": _("冲突时留存"),
        "gone": _("删除"),
        "compare": _("与现在比较"),
        "restore": _("恢复这一版"),
        "download": _("下载"),
        "now": _("现在"),
        "then": _("那一版"),
    }


def _people() -> dict[str, str]:
    return {
        "alsoHere": _("{names} 也打开着这份草稿"),
        "sameFile": _("{names} 正打开着同一个文件。先说一声再改，免得两边各改一份。"),
        "you": _("您（另一个窗口）"),
    }
