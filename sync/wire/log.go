package wire

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"anxin/model"
)

// Checkpoint is the hub's signed word that its log had Size entries and that
// Root is the hash of the Merkle tree over them (RFC 6962). Note is the word
// itself, a signed note in the form of C2SP tlog-checkpoint, which further
// witnesses may sign; the other fields only say what stands in it.
type Checkpoint struct {
	Hub  model.ID  `json:"hub"`
	Size int64     `json:"size"`
	Root []byte    `json:"root"`
	At   time.Time `json:"at"`
	Note []byte    `json:"note"`
}

// originOf is the name under which a hub signs its log.
func originOf(hub model.ID) string { return "anxin-hub/" + string(hub) }

func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\ntime %d\n", originOf(c.Hub), c.Size, base64.StdEncoding.EncodeToString(c.Root), c.At.Unix())
}

// noteKey signs notes with the hub's key.
type noteKey struct {
	note.Verifier
	key ed25519.PrivateKey
}

func (k noteKey) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(k.key, msg), nil }

func verifier(hub model.ID, key ed25519.PublicKey) (note.Verifier, error) {
	text, err := note.NewEd25519VerifierKey(originOf(hub), key)
	if err != nil {
		return nil, err
	}
	return note.NewVerifier(text)
}

// Sign signs the checkpoint as the hub.
func (c *Checkpoint) Sign(hub ed25519.PrivateKey) error {
	v, err := verifier(c.Hub, hub.Public().(ed25519.PublicKey))
	if err != nil {
		return fmt.Errorf("签署日志检查点: %w", err)
	}
	if c.Note, err = note.Sign(&note.Note{Text: c.text()}, noteKey{v, hub}); err != nil {
		return fmt.Errorf("签署日志检查点: %w", err)
	}
	return nil
}

// Check says whether the hub signed exactly this checkpoint; the error wraps
// ErrProof.
func (c Checkpoint) Check(hub ed25519.PublicKey) error {
	if len(hub) != ed25519.PublicKeySize || c.Size < 0 || len(c.Root) != tlog.HashSize {
		return fmt.Errorf("日志检查点: %w", ErrProof)
	}
	v, err := verifier(c.Hub, hub)
	if err != nil {
		return fmt.Errorf("日志检查点: %w", ErrProof)
	}
	signed, err := note.Open(c.Note, note.VerifierList(v))
	if err != nil || signed.Text != c.text() {
		return fmt.Errorf("日志检查点: %w", ErrProof)
	}
	return nil
}

// ReadCheckpoint reads a checkpoint from its note alone, without judging the
// signature: Check does. The error wraps ErrMalformed.
func ReadCheckpoint(text []byte) (Checkpoint, error) {
	lines := strings.SplitN(string(text), "\n", 5)
	bad := fmt.Errorf("日志检查点: %w", ErrMalformed)
	if len(lines) != 5 {
		return Checkpoint{}, bad
	}
	hub, named := strings.CutPrefix(lines[0], originOf(""))
	at, dated := strings.CutPrefix(lines[3], "time ")
	size, err1 := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	unix, err3 := strconv.ParseInt(at, 10, 64)
	if !named || !dated || errors.Join(err1, err2, err3) != nil {
		return Checkpoint{}, bad
	}
	return Checkpoint{Hub: model.ID(hub), Size: size, Root: root, At: time.Unix(unix, 0).UTC(), Note: text}, nil
}

// Frontier is the right edge of a Merkle tree: the hashes of its largest whole
// subtrees, left to right. It is all that is needed to append and to know the
// root; a tree of a million entries has at most twenty.
type Frontier struct {
	Size int64    `json:"size"`
	Edge [][]byte `json:"edge,omitempty"`
}

// Valid reports whether the edge has the form a tree of its size has.
func (f Frontier) Valid() bool {
	if f.Size < 0 || len(f.Edge) != bits.OnesCount64(uint64(f.Size)) {
		return false
	}
	for _, h := range f.Edge {
		if len(h) != tlog.HashSize {
			return false
		}
	}
	return true
}

// Append adds an entry and returns the hashes of the subtrees it completes,
// smallest first: those of levels 0, 1, … of the tree.
func (f *Frontier) Append(entry []byte) [][]byte {
	h := tlog.RecordHash(entry)
	done := [][]byte{slices.Clone(h[:])} // h goes on changing
	edge := f.Edge[:len(f.Edge):len(f.Edge)]
	for n := f.Size; n&1 == 1; n >>= 1 {
		h = tlog.NodeHash(tlog.Hash(edge[len(edge)-1]), h)
		edge = edge[:len(edge)-1]
		done = append(done, slices.Clone(h[:]))
	}
	f.Edge = append(edge[:len(edge):len(edge)], done[len(done)-1])
	f.Size++
	return done
}

// Root is the hash of the whole tree; that of an empty one is RFC 6962's.
func (f Frontier) Root() []byte {
	if len(f.Edge) == 0 {
		h, err := tlog.TreeHash(0, nil)
		if err != nil {
			panic("bug: the empty tree: " + err.Error())
		}
		return h[:]
	}
	h := tlog.Hash(f.Edge[len(f.Edge)-1])
	for i := len(f.Edge) - 2; i >= 0; i-- {
		h = tlog.NodeHash(tlog.Hash(f.Edge[i]), h)
	}
	return h[:]
}

// Append is the proof that a push stands in the hub's log: the edge of the log
// before it, and every entry from then on up to the checkpoint, the hub's own
// merges among them. The zero Append proves nothing.
type Append struct {
	Before  Frontier `json:"before"`
	Entries [][]byte `json:"entries"` // op hashes, the first at position Before.Size+1
}

// Check says whether every acknowledged operation stands in the log under the
// checkpoint, at the position its ack names. The error wraps ErrProof.
func (a Append) Check(point Checkpoint, ops []model.Op, acks []model.Ack) error {
	if !a.Before.Valid() || len(ops) != len(acks) || a.Before.Size+int64(len(a.Entries)) != point.Size {
		return fmt.Errorf("日志证明: %w", ErrProof)
	}
	f := Frontier{Size: a.Before.Size, Edge: a.Before.Edge}
	for _, entry := range a.Entries {
		f.Append(entry)
	}
	if string(f.Root()) != string(point.Root) {
		return fmt.Errorf("日志证明: %w", ErrProof)
	}
	for i, op := range ops {
		at := acks[i].Position - a.Before.Size - 1
		if at < 0 || at >= int64(len(a.Entries)) || string(a.Entries[at]) != string(op.Hash) {
			return fmt.Errorf("第 %d 条操作的日志证明: %w", op.Seq, ErrProof)
		}
	}
	return nil
}

// ProofAsk asks for proofs against the log as it is: that it still begins with
// the Old first entries, and that it holds the entries at Positions.
type ProofAsk struct {
	Old       int64   `json:"old,omitempty"`
	Positions []int64 `json:"positions,omitempty"` // from 1; at most MaxProofs
}

// MaxProofs is how many entries one ProofAsk may name.
const MaxProofs = 200

// Proof answers ProofAsk.
type Proof struct {
	Checkpoint  Checkpoint `json:"checkpoint"`
	Consistency [][]byte   `json:"consistency,omitempty"`
	Inclusion   [][][]byte `json:"inclusion,omitempty"` // one list per position
}

// CheckGrown says whether the log of the newer checkpoint begins with that of
// the older one. The error wraps ErrProof.
func CheckGrown(old, now Checkpoint, proof [][]byte) error {
	if old.Hub != now.Hub || old.Size > now.Size || !hashes(append([][]byte{old.Root, now.Root}, proof...)) {
		return fmt.Errorf("日志的连续性: %w", ErrProof)
	}
	if old.Size == 0 {
		return nil
	}
	if err := tlog.CheckTree(listOf(proof), now.Size, tlog.Hash(now.Root), old.Size, tlog.Hash(old.Root)); err != nil {
		return fmt.Errorf("日志的连续性: %w: %w", ErrProof, err)
	}
	return nil
}

// CheckIncluded says whether the entry at a position, from 1, is op's hash.
// The error wraps ErrProof.
func CheckIncluded(point Checkpoint, position int64, hash []byte, proof [][]byte) error {
	if position < 1 || position > point.Size || !hashes(append([][]byte{point.Root}, proof...)) {
		return fmt.Errorf("日志第 %d 条: %w", position, ErrProof)
	}
	if err := tlog.CheckRecord(listOf(proof), point.Size, tlog.Hash(point.Root), position-1, tlog.RecordHash(hash)); err != nil {
		return fmt.Errorf("日志第 %d 条: %w: %w", position, ErrProof, err)
	}
	return nil
}

func hashes(list [][]byte) bool {
	for _, h := range list {
		if len(h) != tlog.HashSize {
			return false
		}
	}
	return true
}

func listOf(list [][]byte) []tlog.Hash {
	out := make([]tlog.Hash, len(list))
	for i, h := range list {
		out[i] = tlog.Hash(h)
	}
	return out
}
