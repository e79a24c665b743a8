"""What becomes of connections when a database is left."""

from __future__ import annotations

import gc

from engine.facade import Database


def test_a_connection_that_comes_back_after_the_pool_was_given_up_is_closed(office):
    database = Database(office.engine.database.url.render_as_string(hide_password=False))
    lent = database.engine.connect()
    driver = lent.connection.driver_connection
    database.dispose()
    lent.close()
    assert driver.closed
    with database.engine.connect() as again:
        assert again.exec_driver_sql("select 1").scalar() == 1
        kept = again.connection.driver_connection
    assert not kept.closed
    database.dispose()
    assert kept.closed


def test_a_database_that_is_asked_once_more_after_it_was_left_leaves_no_connection_open(office):
    database = Database(office.engine.database.url.render_as_string(hide_password=False))
    database.dispose()
    with database.engine.connect() as late:
        driver = late.connection.driver_connection
    assert not driver.closed
    del database, late
    gc.collect()
    assert driver.closed
