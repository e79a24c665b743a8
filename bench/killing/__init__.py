"""The parts of ``bench.kill9``: the processes of an office, who works in it, the world outside, and the examination after it."""
