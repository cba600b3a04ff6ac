"""The sweep: Ray Tune runs the trials, Optuna chooses them, the ledger keeps what they came to.

`engine` is where it begins. Nothing is imported here: the board's process, which has to hold a few
numbers, would load all that a trial needs.
"""
