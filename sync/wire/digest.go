package wire

import (
	"crypto/sha256"

	"anxin/model"
)

// DigestBuckets is how many buckets the records of a scope are told apart by.
const DigestBuckets = 256

// Sums are the digests of one replica's scope, by bucket: two replicas with
// equal sums hold equal heads, and where one sum differs only its bucket needs
// to be compared. It finds differences; it proves nothing (the log does).
type Sums [DigestBuckets][sha256.Size]byte

// Bucket is the bucket of a record.
func Bucket(record model.ID) int {
	sum := sha256.Sum256([]byte(record))
	return int(sum[0])
}

// Add counts one head; the order does not matter.
func (s *Sums) Add(kind model.Kind, record model.ID, rev model.Rev) {
	sum := sha256.Sum256([]byte(string(kind) + "\x00" + string(record) + "\x00" + string(rev)))
	bucket := &s[Bucket(record)]
	for i, b := range sum {
		bucket[i] ^= b
	}
}
