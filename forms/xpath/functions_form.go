package xpath

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"
)

var formFunctions = map[string]function{
	"instance": {1, 1, func(r *run, f focus, a []expr) Value { return r.instance(r.text(f, a, 0)) }},
	"jr:itext": {1, 1, func(r *run, f focus, a []expr) Value {
		if id := r.text(f, a, 0); r.world.Itext != nil {
			return NodeSet(r.world.Itext(id))
		}
		return NodeSet(nil)
	}},
	"jr:choice-name": {2, 2, func(r *run, f focus, a []expr) Value {
		value, path := r.text(f, a, 0), r.text(f, a, 1)
		if r.world.ChoiceName == nil {
			return String(value)
		}
		return String(r.world.ChoiceName(r.world.Node, value, strings.TrimSpace(path)))
	}},
	"pulldata":       {4, 4, evalPulldata},
	"indexed-repeat": {3, -1, evalIndexedRepeat},
	"randomize":      {1, 2, evalRandomize},
	"random":         {0, 0, func(r *run, _ focus, _ []expr) Value { return Number(float64(r.random64()>>11) / (1 << 53)) }},
	"uuid":           {0, 1, evalUUID},
	"digest":         {2, 3, evalDigest},
	"base64-decode": textFunction(1, func(s []string) Value {
		b, err := base64.StdEncoding.DecodeString(s[0])
		if err != nil {
			b, err = base64.RawStdEncoding.DecodeString(s[0])
		}
		return pick(err == nil, strings.ToValidUTF8(string(b), "\uFFFD"))
	}),
}

func dateIn(y int, m time.Month, d int, loc *time.Location) time.Time {
	return time.Date(y, m, d, 0, 0, 0, 0, loc)
}

func (r *run) instance(id string) Value {
	if r.world.Instance == nil {
		return NodeSet(nil)
	}
	n, err := r.world.Instance(id)
	if err != nil {
		return r.fail(err)
	}
	if n == nil {
		return NodeSet(nil)
	}
	return NodeSet{n}
}

// evalPulldata is pulldata(list, wanted column, key column, key): one cell of
// the first row whose key matches.
func evalPulldata(r *run, f focus, args []expr) Value {
	set, ok := r.instance(r.text(f, args, 0)).(NodeSet)
	column, keyColumn, key := r.text(f, args, 1), r.text(f, args, 2), r.text(f, args, 3)
	if !ok || len(set) == 0 || key == "" {
		return String("")
	}
	child := func(n Node, name string) NodeSet {
		return r.walk(n, axisChild, nodeTest{kind: testName, local: name})
	}
	for _, root := range child(set[0], "root") {
		for _, row := range r.rowsWith(root, keyColumn, key) {
			if child(row, keyColumn).String() == key {
				return String(child(row, column).String())
			}
		}
	}
	return String("")
}

// rowsWith are the items of a list whose field has a value; of a list in
// memory all of them, for the caller to look through.
func (r *run) rowsWith(root Node, field, value string) NodeSet {
	t, ok := root.(Table)
	if !ok {
		return r.walk(root, axisChild, nodeTest{kind: testName, local: "item"})
	}
	rows, err := t.Select("item", Filter{Op: "=", Field: field, Value: value})
	if err != nil {
		r.fail(err)
	}
	return rows
}

// evalIndexedRepeat is indexed-repeat(field, repeat, row, ...): the value of
// field in the given row, for nested repeats row by row.
func evalIndexedRepeat(r *run, f focus, args []expr) Value {
	if len(args)%2 == 0 {
		return r.fail(fmt.Errorf("indexed-repeat() 的参数应是 字段、重复组、序号 …"))
	}
	fields, ok := r.nodes(args[0], f)
	if !ok {
		return r.fail(fmt.Errorf("indexed-repeat() 的第一个参数应是节点集"))
	}
	for i := 1; i+1 < len(args); i += 2 {
		repeats, ok := r.nodes(args[i], f)
		if !ok {
			return r.fail(fmt.Errorf("indexed-repeat() 的重复组应是节点集"))
		}
		row := r.num(f, args, i+1)
		fields = r.within(fields, repeats, row)
	}
	return fields
}

// within keeps the fields that lie in the given row of one of the repeats.
func (r *run) within(fields, repeats NodeSet, row float64) NodeSet {
	chosen := map[Node]bool{}
	for _, n := range repeats {
		if r.step(1) && float64(rowOf(NodeSet{n})) == row {
			chosen[n] = true
		}
	}
	var out NodeSet
	for _, n := range fields {
		for p := n; p != nil && r.step(1); p = p.Parent() {
			if chosen[p] {
				out = append(out, n)
				break
			}
		}
	}
	return out
}

func (r *run) reader() io.Reader {
	if r.world.Random != nil {
		return r.world.Random
	}
	return rand.Reader
}

func (r *run) random64() uint64 {
	var b [8]byte
	if _, err := io.ReadFull(r.reader(), b[:]); err != nil {
		r.fail(fmt.Errorf("取不到随机数：%w", err))
	}
	return binary.LittleEndian.Uint64(b[:])
}

// evalUUID is a version 4 UUID, or with an argument that many characters.
func evalUUID(r *run, f focus, args []expr) Value {
	if len(args) == 1 {
		const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		n := r.num(f, args, 0)
		if !(n >= 0 && n <= 4096) {
			return String("")
		}
		b := make([]byte, int(n))
		for i := range b {
			if !r.step(16) { // each costs a call for randomness
				break
			}
			b[i] = alphabet[r.random64()%uint64(len(alphabet))]
		}
		return String(b)
	}
	var u [16]byte
	if _, err := io.ReadFull(r.reader(), u[:]); err != nil {
		return r.fail(fmt.Errorf("取不到随机数：%w", err))
	}
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	return String(fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:]))
}

// evalRandomize shuffles a node-set; with a seed always the same way, by the
// Park-Miller generator ODK prescribes.
func evalRandomize(r *run, f focus, args []expr) Value {
	set, ok := r.nodes(args[0], f)
	if !ok {
		return r.fail(fmt.Errorf("randomize() 的参数应是节点集"))
	}
	seed := int64(r.random64())
	if len(args) == 2 {
		seed = r.seed(r.text(f, args, 1))
	}
	const m = 2147483647
	if seed %= m; seed <= 0 {
		seed += m - 1
	}
	// Fisher-Yates from the front, as the field's engines do it: the same
	// seed gives the same order in all of them.
	out := make(NodeSet, len(set))
	for i := range set {
		if !r.step(1) {
			break
		}
		seed = seed * 16807 % m
		j := int(float64(seed-1) / (m - 1) * float64(i+1))
		out[i] = out[j]
		out[j] = set[i]
	}
	return out
}

// seed is the number a text stands for, or what a hash makes of the text.
func (r *run) seed(s string) int64 {
	if n := r.parseNumber(s); n > -1e18 && n < 1e18 {
		return int64(n)
	}
	sum := sha256.Sum256([]byte(s))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

var digests = map[string]func() hash.Hash{
	"md5": md5.New, "sha-1": sha1.New, "sha-256": sha256.New, "sha-384": sha512.New384, "sha-512": sha512.New,
}

func evalDigest(r *run, f focus, args []expr) Value {
	name := r.text(f, args, 1)
	build, ok := digests[strings.ToLower(name)]
	if !ok {
		return r.fail(fmt.Errorf("digest() 不认识算法 %q", name))
	}
	h := build()
	io.WriteString(h, r.text(f, args, 0)) // a hash never fails to write
	encoding := "base64"
	if len(args) == 3 {
		encoding = r.text(f, args, 2)
	}
	if encoding == "hex" {
		return String(hex.EncodeToString(h.Sum(nil)))
	}
	return String(base64.StdEncoding.EncodeToString(h.Sum(nil)))
}
