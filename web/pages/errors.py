"""One mapping from what went wrong to a page that says so in a sentence, with the typed values still there."""

from __future__ import annotations

import structlog
from flask import Flask, Response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from engine.errors import (
    Conflict,
    CursorUnknown,
    EngineError,
    FieldError,
    InvalidInput,
    NotFound,
    NotPermitted,
    Problem,
    Unavailable,
)
from engine.feel import Finding
from engine.forms.template import TemplateError
from engine.store.away import unavailable
from engine.store.too_large import beyond_all_numbers
from web.pages import away
from web.pages.htmx import fragment, is_fragment_request
from web.request_log import request_id
from web.sentences import said

log = structlog.get_logger(__name__)
_STATUS: tuple[tuple[type[EngineError], int], ...] = (
    (NotFound, 404),
    (NotPermitted, 403),
    (CursorUnknown, 400),  # an address no page of ours leads to
    (InvalidInput, 422),
    (Conflict, 409),
)
_SECRET_FIELDS = {"csrf_token", "command_id"}


def status_of(error: EngineError) -> int:
    return next((status for family, status in _STATUS if isinstance(error, family)), 422)


def sentence(error: EngineError | FieldError | Problem | Finding | TemplateError) -> str:
    """The error in the reader's language."""
    return said(error, _)


def field_sentences(error: InvalidInput) -> dict[str, list[str]]:
    """Sentences by field path, to be shown beside the fields."""
    by_path: dict[str, list[str]] = {}
    for wrong in error.fields:
        by_path.setdefault(wrong.path, []).append(sentence(wrong))
    return by_path


def install(pages: Flask) -> None:
    pages.register_error_handler(EngineError, _engine_error)
    pages.register_error_handler(CSRFError, _stale_form)
    pages.register_error_handler(HTTPException, _http_error)
    pages.register_error_handler(Exception, _surprise)
    pages.add_template_global(sentence, "sentence")


def titles() -> dict[int, tuple[str, str]]:
    """Title and sentence by status, for errors that bring no sentence of their own."""
    return {
        400: (_("请求无法识别"), _("浏览器发来的内容不完整或格式不对。请返回上一页重新操作。")),
        403: (_("没有权限"), _("您的角色不能打开此页。如确需办理，请联系管理员调整角色。")),
        404: (_("没有找到"), _("这个地址没有内容。请检查链接，或从左侧菜单进入。")),
        405: (_("操作方式不对"), _("这个地址不能这样打开。请从页面上的按钮操作。")),
        409: (_("情况已有变化"), _("别人刚刚处理了同一事项。请刷新页面查看最新情况。")),
        413: (
            _("上传的内容过大"),
            _("单个文件不得超过 50 MB，一次提交合计不得超过 220 MB。请压缩或分开上传；草稿中已保存的内容仍在。"),
        ),
        422: (_("内容需要更正"), _("有些内容不能接受。请更正后再次提交，已填写的内容没有丢失。")),
        500: (_("系统出错"), _("系统遇到意外情况，本次操作没有生效，已记录供运维人员查看。请稍后再试。")),
    }


def _page(status: int, text: str | None = None, fields: dict[str, list[str]] | None = None) -> Response:
    title, usual = titles().get(status, titles()[400 if status < 500 else 500])
    if is_fragment_request():
        return fragment(render_template("error_note.html", title=title, text=text or usual, fields=fields or {}), status)
    typed = {} if status == 413 else {name: request.form.getlist(name) for name in request.form if _may_be_shown(name)}
    html = render_template(
        "error.html", status=status, title=title, text=text or usual, fields=fields or {}, typed=typed, number=request_id()
    )
    return Response(html, status)


def _may_be_shown(name: str) -> bool:
    return name not in _SECRET_FIELDS and "password" not in name


def _engine_error(error: EngineError) -> Response:
    if isinstance(error, Unavailable):
        return _unavailable(error, error)
    fields = field_sentences(error) if isinstance(error, InvalidInput) else None
    return _page(status_of(error), sentence(error), fields)


def _stale_form(error: CSRFError) -> Response:
    log.info("csrf_refused", reason=error.description, path=request.path)
    if request.content_length and not request.form:  # what was sent could not be read as a form at all
        return _page(400, _("浏览器发来的文字不是 UTF-8 编码，或内容不完整，无法读取。请返回上一页重新填写。"))
    return _page(400, _("页面停留过久或已在别处重新登录，为安全起见没有提交。请返回上一页，刷新后再次提交。"))


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return Response(error.get_body(), error.code or 500, error.get_headers())
    return _page(error.code)


def _unavailable(error: Unavailable, cause: Exception) -> Response:
    log.warning("unavailable", path=request.path, method=request.method, cause=f"{type(cause).__name__}: {cause}".strip())
    return away.page(sentence(error))


def _surprise(error: Exception) -> Response:
    if (passing := unavailable(error)) is not None:
        return _unavailable(passing, error)
    if beyond_all_numbers(error):
        return _page(404)
    log.error("page_failed", path=request.path, method=request.method, exc_info=error)
    return _page(InternalServerError.code)
