package sqldb

// Where writers are not alone, a statement may act on what another transaction has
// changed since an earlier statement looked. What follows keeps others away until
// the transaction ends. On SQLite, and in View and Read, none of it does
// anything.

// ForUpdate is the clause that ends a SELECT of rows on which the function's
// next statements depend: nobody else changes, deletes or locks them so until
// the transaction ends.
func (t *Tx) ForUpdate() string { return t.clause(t.conn.dialect.forUpdate) }

// ForUpdateOf is ForUpdate for the rows of one of the joined tables.
func (t *Tx) ForUpdateOf(alias string) string { return of(t.ForUpdate(), alias) }

// ForDeletion is ForUpdate for rows that may be deleted: it also waits for those
// who hold them by ForKeyShare.
func (t *Tx) ForDeletion() string { return t.clause(t.conn.dialect.forDeletion) }

// ForKeyShare is the clause that ends a SELECT of rows that must go on to exist
// under their keys: any number of transactions may hold them so, while nobody deletes or
// renames them.
func (t *Tx) ForKeyShare() string { return t.clause(t.conn.dialect.forKeyShare) }

// SkipLocked is the clause that ends a SELECT of work that anybody may take: its
// rows are locked until commit, and those that another transaction holds are
// passed over.
func (t *Tx) SkipLocked() string { return t.clause(t.conn.dialect.skipLocked) }

// Lock waits until no other transaction holds the lock called name, and takes it until
// this one ends. It is for what no row stands for, such as a number of rows.
func (t *Tx) Lock(name string) error {
	if !t.Crowded() {
		return nil
	}
	return t.QueryRow(t.conn.dialect.lock, name).Scan(new(any))
}

// Crowded reports whether other transactions may be writing right now.
func (t *Tx) Crowded() bool { return t.writes && t.conn.dialect.lock != "" }

func (t *Tx) clause(text string) string {
	if !t.writes {
		return ""
	}
	return text
}

func of(clause, alias string) string {
	if clause == "" {
		return ""
	}
	return clause + " OF " + alias
}
