package client

import (
	"context"
	"io"

	"anxin/model"
	"anxin/model/seal"
	"anxin/model/store"
)

// Journal is what the client asks of the room that keeps records. store.Store
// is one; every call is one transaction, durable when it returns.
type Journal interface {
	// Device is the signing identity with the epoch of this life.
	Device() seal.Device
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error

	// Ops are entries of this epoch's log behind a place in it, acknowledged or
	// not; LastSeq is its end, AckedSeq what the hub has answered for.
	Ops(ctx context.Context, after int64, limit int) ([]model.Op, error)
	LastSeq(ctx context.Context) (int64, error)
	AckedSeq(ctx context.Context) (int64, error)
	Acked(ctx context.Context, acks []model.Ack) error
	// Aside are entries of this epoch's log that the hub set aside.
	Aside(ctx context.Context) ([]model.Aside, error)
	// SeqAt is the newest entry at or before a position of the hub's log.
	SeqAt(ctx context.Context, position int64) (int64, error)
	// NewEpoch starts a new life of the log, as after a restore.
	NewEpoch(ctx context.Context) error

	Cursor(ctx context.Context, scope string) (int64, error)
	// Pulled takes colleagues' revisions and moves the scope's cursor.
	Pulled(ctx context.Context, scope string, cursor int64, revs []model.Revision) (store.PullResult, error)
	// Prepare may check revisions that Pulled is to take next, so that they can
	// be checked while those before them are written.
	Prepare(revs []model.Revision)
	// Leave takes records of colleagues off this laptop and says which it took;
	// one this laptop has written anything of stays.
	Leave(ctx context.Context, records []model.ID) ([]model.ID, error)
	Conflicts(ctx context.Context) ([]model.Conflict, error)
	// Kept lists what the journal holds in the order it came, without bodies;
	// Revisions reads some of it.
	Kept(ctx context.Context, after int64, limit int) ([]store.Kept, error)
	Revisions(ctx context.Context, lines []store.Kept) ([]model.Revision, error)

	Blocks(ctx context.Context) ([]model.Block, error)
	AddBlock(ctx context.Context, b model.Block) error
	// ReturnBlock gives up the unused rest of a block for ever.
	ReturnBlock(ctx context.Context, series string, from int) (model.Block, error)
	Numbers(ctx context.Context, series string) ([]model.NumberRow, error)
}

// Files is what the client asks of the room that keeps evidence; blob.Store is
// one.
type Files interface {
	Has(ctx context.Context, sha string) (bool, error)
	// Get reads a file and tells its size in bytes.
	Get(ctx context.Context, sha string) (io.ReadSeekCloser, int64, error)
	// Put keeps what r gives, durably, under its hash.
	Put(ctx context.Context, r io.Reader) (model.BlobInfo, error)
	// Drop removes a file that nothing here speaks of any more.
	Drop(ctx context.Context, sha string) error
}
