package paper

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// objects is a PDF file as numbered objects, in the plain layout gofpdf writes and we write after it: one
// cross-reference table, no object streams, objects in any order.
type objects struct {
	bodies     [][]byte // by number; [0] is unused. Without "n 0 obj" and "endobj"
	root, info int
}

var (
	rootRef = regexp.MustCompile(`/Root (\d{1,7}) 0 R`)
	infoRef = regexp.MustCompile(`/Info (\d{1,7}) 0 R`)
)

const mostObjects = 100_000

var errLayout = errors.New("文件结构不完整")

// parseObjects reads such a file. Any other bytes give an error.
func parseObjects(data []byte) (*objects, error) {
	xref, table, count, err := xrefTable(data)
	if err != nil {
		return nil, err
	}
	o := &objects{bodies: make([][]byte, count)}
	left := xref // objects do not overlap, which also bounds the work on a hostile file
	for n := 1; n < count; n++ {
		if o.bodies[n], err = objectAt(data[:xref], n, table[20*n:20*n+10]); err != nil {
			return nil, err
		}
		if left -= len(o.bodies[n]); left < 0 {
			return nil, errLayout
		}
	}
	trailer := table[20*count:]
	o.root, o.info = reference(trailer, rootRef, count), reference(trailer, infoRef, count)
	if o.root == 0 || o.info == 0 {
		return nil, errLayout
	}
	return o, nil
}

// xrefTable finds the cross-reference table: its offset, its entries of 20 bytes with the trailer after
// them, and their number.
func xrefTable(data []byte) (offset int, table []byte, count int, err error) {
	at := bytes.LastIndex(data, []byte("startxref"))
	if at < 0 {
		return 0, nil, 0, errLayout
	}
	word, _, _ := bytes.Cut(bytes.TrimLeft(data[at+len("startxref"):], "\n"), []byte("\n"))
	offset, err = strconv.Atoi(string(word))
	if err != nil || offset < 0 || offset >= at {
		return 0, nil, 0, errLayout
	}
	rest, ok := bytes.CutPrefix(data[offset:at], []byte("xref\n0 "))
	line, table, _ := bytes.Cut(rest, []byte("\n"))
	count, err = strconv.Atoi(string(line))
	if !ok || err != nil || count < 1 || count > mostObjects || len(table) < 20*count {
		return 0, nil, 0, errLayout
	}
	return offset, table, count, nil
}

func objectAt(data []byte, n int, offset []byte) ([]byte, error) {
	at, err := strconv.Atoi(string(offset))
	if err != nil || at < 0 || at >= len(data) {
		return nil, errLayout
	}
	body, ok := bytes.CutPrefix(data[at:], fmt.Appendf(nil, "%d 0 obj\n", n))
	if !ok {
		return nil, errLayout
	}
	end := bytes.Index(body, []byte("\nendobj"))
	if end < 0 {
		return nil, errLayout
	}
	s := bytes.Index(body[:end], []byte(">>\nstream\n"))
	if s < 0 {
		return body[:end], nil
	}
	start, size := s+len(">>\nstream\n"), streamLength(body[:s]) // stream bytes may say "endobj" themselves
	if size < 0 || size > len(body)-start {
		return nil, errLayout
	}
	tail := bytes.Index(body[start+size:], []byte("\nendobj"))
	if tail < 0 {
		return nil, errLayout
	}
	return body[:start+size+tail], nil
}

var lengthEntry = regexp.MustCompile(`/Length (\d{1,9})`)

// streamLength reads a stream dictionary's length, -1 when there is none.
func streamLength(dict []byte) int {
	m := lengthEntry.FindSubmatch(dict)
	if m == nil {
		return -1
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n
}

// reference gives the object number after a key, 0 when it is absent or points nowhere.
func reference(dict []byte, key *regexp.Regexp, count int) int {
	m := key.FindSubmatch(dict)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(m[1]))
	if n >= count {
		return 0
	}
	return n
}

// add appends an object and gives its number.
func (o *objects) add(body []byte) int {
	o.bodies = append(o.bodies, body)
	return len(o.bodies) - 1
}

func streamObject(dict string, data []byte) []byte {
	out := fmt.Appendf(make([]byte, 0, len(data)+len(dict)+64), "<<%s /Length %d>>\nstream\n", dict, len(data))
	return append(append(out, data...), "\nendstream"...)
}

// write gives the file as PDF 1.7. Its /ID is a hash of the content, so equal documents have equal bytes.
func (o *objects) write() []byte {
	size := 2048 + 20*len(o.bodies)
	for _, b := range o.bodies {
		size += len(b) + 24
	}
	w := bytes.NewBuffer(make([]byte, 0, size))
	w.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	offsets := make([]int, len(o.bodies))
	for n := 1; n < len(o.bodies); n++ {
		offsets[n] = w.Len()
		fmt.Fprintf(w, "%d 0 obj\n%s\nendobj\n", n, o.bodies[n])
	}
	id := sha256.Sum256(w.Bytes())
	xref := w.Len()
	fmt.Fprintf(w, "xref\n0 %d\n0000000000 65535 f \n", len(o.bodies))
	for n := 1; n < len(o.bodies); n++ {
		fmt.Fprintf(w, "%010d 00000 n \n", offsets[n])
	}
	fmt.Fprintf(w, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%X> <%X>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(o.bodies), o.root, o.info, id[:16], id[:16], xref)
	return w.Bytes()
}
