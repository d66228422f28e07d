"""宁政发〔2017〕86号 as rules, and the indicators computed from them; pure."""
