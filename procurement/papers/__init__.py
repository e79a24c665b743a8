"""Red-header papers (红头文件): Word from a template the office may replace, PDF with the same words."""

from procurement.papers.contract import ContractText, contract_text
from procurement.papers.document import Paper, Part
from procurement.papers.printing import as_pdf, as_word, paper_as_pdf, paper_as_word

__all__ = ["ContractText", "Paper", "Part", "as_pdf", "as_word", "contract_text", "paper_as_pdf", "paper_as_word"]
