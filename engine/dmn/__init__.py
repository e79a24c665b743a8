"""Decision models (DMN 1.1 to 1.5): read, check, evaluate, explain."""

from engine.dmn.decision_model import DecisionInfo, DecisionModel, Evaluation, load

__all__ = ["DecisionInfo", "DecisionModel", "Evaluation", "load"]
