"""What each operation is for, in the words of the people who draw; procurement.operations.described puts them together."""
