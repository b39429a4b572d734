"""Planning, the inbox and the counters: compiling takes longer than the statements.

PostgreSQL compiles what it expects to be dear (``jit_above_cost``). Looking up a
thousand numbers one by one is dear on paper, takes 10 ms, and took 300 ms to compile,
for each page of a campaign, from the day on which the tables had statistics.
"""

# Part of a SELECT that a transaction begins with; ends with the transaction.
NO_JIT_SQL = "set_config('jit', 'off', TRUE)"
