"""The studio: drafts of diagrams, tables, forms and cases, from the first change to a counter-signed release.

Everything works on *files*: a mapping from a path of the project's layout (``processes/goal_setting/goal_setting.bpmn``) to the
file's bytes. What is in force is the shelf; a draft is what somebody wants to be different.
"""

from __future__ import annotations
