"""The public pages' blueprint: every page is registered here, and every answer may be kept by caches for a moment."""

from __future__ import annotations

from flask import Blueprint, Response

from web.pages.public import browsing, caching, drawing, feeds, ledgers, opendata, purchases, surveying, topics, verifying

blueprint = Blueprint("public", __name__, url_prefix="/public")

blueprint.add_url_rule("", view_func=browsing.index)
blueprint.add_url_rule("/notices", view_func=browsing.notices)
blueprint.add_url_rule("/results", view_func=browsing.results)
blueprint.add_url_rule("/catalogue", view_func=browsing.catalogue)
blueprint.add_url_rule("/language/<code>", view_func=browsing.language)
blueprint.add_url_rule("/notices/<number>", view_func=purchases.notice)
blueprint.add_url_rule("/purchases/<number>", view_func=purchases.purchase)
blueprint.add_url_rule("/surveys", view_func=surveying.surveys)
blueprint.add_url_rule("/surveys/<number>", view_func=surveying.survey)
blueprint.add_url_rule("/ledgers", view_func=ledgers.ledgers)
blueprint.add_url_rule("/ledgers/<id_>", view_func=ledgers.ledger)
blueprint.add_url_rule("/ledgers/<id_>/table.<kind>", view_func=ledgers.ledger_table)
blueprint.add_url_rule("/ledgers/<id_>/<number>", view_func=ledgers.ledger_entry)
blueprint.add_url_rule("/topics/<number>", view_func=topics.topic)
blueprint.add_url_rule("/draws", view_func=drawing.draws)
blueprint.add_url_rule("/draws/<number>", view_func=drawing.draw)
blueprint.add_url_rule("/verify", view_func=verifying.verify)
blueprint.add_url_rule("/verify/receipt", view_func=verifying.receipt)
blueprint.add_url_rule("/files/<number>", view_func=verifying.case_file)
blueprint.add_url_rule("/open-data", view_func=opendata.open_data)
blueprint.add_url_rule("/feed.atom", view_func=feeds.feed)


@blueprint.after_request
def keep(response: Response) -> Response:
    return caching.kept(response)
