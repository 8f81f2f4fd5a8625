package wire

// Protocol is the version of the messages in this package.
const Protocol = 1

// Root is where the hub's interface for laptops begins.
const Root = "/sync/v1"

// Limits of one exchange, sizes in bytes.
const (
	// MaxOps and BatchSize bound one push: no more operations than MaxOps, and
	// no operation is added once the batch has grown past BatchSize.
	MaxOps    = 200
	BatchSize = 1 << 20
	// MaxPacked and MaxBody bound a request's body, packed and unpacked. One
	// record of 5,000 workers is about 1.5 MiB.
	MaxPacked = 8 << 20
	MaxBody   = 16 << 20
	// MaxPage bounds a reply: one record with its whole journal always fits a
	// page, whatever PageSize says.
	MaxPage  = 64 << 20
	PageSize = 4 << 20
	// PageRows is how many records a page of the feed holds at most. A laptop
	// on a poor line asks for fewer.
	PageRows = 4000
	// LeafSize is the unit of evidence that is hashed, kept and resent.
	LeafSize = 1 << 20
	// MaxRun is how many leaves one request may carry.
	MaxRun = 16
	// MaxLeaves bounds one file: 64 GiB.
	MaxLeaves = 1 << 16
	// MaxAsk is how many hashes one question for missing evidence may name.
	MaxAsk = 1000
)
