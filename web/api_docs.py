"""The page /docs: the JSON API described by its own OpenAPI document, shown by Swagger UI from our own files."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import HTMLResponse

from web.static_files import address

PAGE = """<!doctype html>
<html lang="zh-Hans">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>比选 · JSON API</title>
  <link rel="icon" href="{icon}" type="image/svg+xml">
  <link rel="stylesheet" href="{style}">
  <script src="{bundle}" defer></script>
  <script src="{start}" defer></script>
</head>
<body>
<div id="swagger-ui" data-document="/openapi.json"></div>
<noscript>需要 JavaScript；接口说明的原文在 <a href="/openapi.json">/openapi.json</a>。</noscript>
</body>
</html>
"""


def install(api: FastAPI) -> None:
    page = PAGE.format(
        icon=address("seal.svg"),
        style=address("vendor/swagger-ui/swagger-ui.css"),
        bundle=address("vendor/swagger-ui/swagger-ui-bundle.js"),
        start=address("api-docs.js"),
    )

    @api.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(page)
