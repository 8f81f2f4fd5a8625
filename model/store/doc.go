// Package store keeps the journal of all records in one SQLite file, anxin.db,
// and what is computed from it: the newest state of each record, the search
// index, the log of what this laptop did, the register of numbers.
//
// There is one way in for the laptop's own work, Commit, and one for what
// colleagues did, Pulled; both write journal, projection and log in one
// transaction. Bodies are sealed before they reach SQLite; the clear columns
// are those of model.Summary, which hold nothing about a person. The journal,
// the log and the rows of issued documents cannot be changed or deleted:
// triggers refuse it, and rows are added only by this program, which alone has
// the function the triggers ask for, so that another program or the sqlite3 shell
// has no way around them but to take the triggers down, which Verify names. The
// one exception is Leave: colleagues' revisions of a
// record its officer may no longer see go, and its row among the issued.
// Revisions of this laptop never do.
//
// The file is copied while work goes on by Backup, and by Open before a newer
// program changes its structure. A file that was put back is noticed by the
// marks of how far the log had come, one beside it and one outside the folder,
// and starts a new epoch.
//
// It refuses a database written by a newer program, a revision whose signature
// does not fit a known device, a change read at an older state, a change of an
// issued document, and a number out of turn. SQL stands here and nowhere else
// on the laptop.
package store
