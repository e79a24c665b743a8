"""Processes made of nested blocks: grown at random, drawn as BPMN, and separately interpreted by a few obvious lines of Python.

The oracle knows nothing of tokens, flows, joins or snapshots, and shares no code with the engine: a block is a small live
object that says which tasks are open, what is waited for, and what completing or triggering one of them does.
"""
