package hub

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"

	"anxin/model"
	"anxin/model/seal"
)

// highest is, of each series, the highest number that was ever in a block. A
// number at or below it is leased to nobody, whatever the records have forgotten:
// it may be on paper, or on a laptop that is one of two copies.
type highest map[string]int

// above reports whether some number of a is higher than in b.
func (a highest) above(b highest) bool {
	for series, n := range a {
		if n > b[series] {
			return true
		}
	}
	return false
}

func (a highest) join(b highest) {
	for series, n := range b {
		a[series] = max(a[series], n)
	}
}

// numbersEnding ends the name of the file beside the mark that keeps the highest
// numbers. It is replaced whole and made durable, which the mark, written with
// every push, is not.
const numbersEnding = ".numbers"

// HighNumbers is the name of that file beside a hub's keys.
const HighNumbers = HighWater + numbersEnding

// numbersFile keeps the highest numbers. No answer to a laptop goes out before
// the numbers in it are here.
type numbersFile struct {
	path string // "": only in memory
	// id is drawn with the file; the records note it, so that records and file
	// that were not kept together are known.
	id    string
	fresh bool    // not written yet
	known highest // what the file holds, as far as this process knows
}

// numbersText is what stands in the file: one JSON value, so that a file that was
// cut anywhere is not one.
type numbersText struct {
	ID      string  `json:"id"`
	Highest highest `json:"highest"`
}

func (f *numbersFile) open(path string) error {
	f.path = path
	said, err := f.read()
	f.known.join(said.Highest)
	if f.id = said.ID; f.id == "" {
		f.id, f.fresh = rand.Text(), true
	}
	return err
}

// read is what the file says, also what another process wrote to it. A file that is
// not there or makes no sense has no id and no numbers.
func (f *numbersFile) read() (said numbersText, err error) {
	text, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return said, nil
	}
	if err != nil {
		return said, fmt.Errorf("读取 %s，请检查数据目录的权限: %w", filepath.Base(f.path), err)
	}
	if json.Unmarshal(text, &said) != nil || said.ID == "" {
		return numbersText{}, nil
	}
	return said, nil
}

// raise notes numbers in blocks. They are known once the file holds them: when it
// cannot be written, the next one to ask tries again.
func (f *numbersFile) raise(h highest) error {
	if !f.fresh && !h.above(f.known) {
		return nil
	}
	all := maps.Clone(f.known)
	all.join(h)
	if f.path != "" {
		if err := f.keep(all, f.write); err != nil {
			return err
		}
		f.fresh = false
	}
	f.known = all
	return nil
}

// writesAtOnce is how often a file is written when other processes write it too.
const writesAtOnce = 10

// keep writes all, and what other processes wrote, which all holds from then on.
// The file is read again afterwards: another one may have replaced it with what it
// knew before.
func (f *numbersFile) keep(all highest, write func(highest) error) error {
	said, err := f.read()
	for range writesAtOnce {
		if err != nil {
			return err
		}
		all.join(said.Highest)
		if err := write(all); err != nil {
			return fmt.Errorf("记录 %s，请检查数据目录所在的磁盘: %w", filepath.Base(f.path), err)
		}
		if said, err = f.read(); err == nil && !all.above(said.Highest) {
			return nil
		}
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("记录 %s：别的程序一直在改写它，请稍后重试", filepath.Base(f.path))
}

func (f *numbersFile) write(all highest) error {
	text, err := json.Marshal(numbersText{f.id, all})
	if err != nil {
		return err
	}
	return seal.WriteFile(f.path, text)
}

// highest is what is known of numbers beside the records.
func (w *highWater) highest() highest {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.numbers.known)
}

// readHighest is what the records were told of numbers that they have no block
// of.
func readHighest(tx Tx) (highest, error) {
	h := highest{}
	return h, readMeta(tx, metaHigh, &h)
}

// recallNumbers tells the records of numbers that are taken, and moves at, which
// is how far they have come, with it. The file that says so was not put back with
// them.
func (h *Hub) recallNumbers(tx Tx, taken highest, at *mark) error {
	if !taken.above(at.highest) {
		return nil
	}
	told, err := readHighest(tx)
	if err != nil {
		return err
	}
	told.join(taken)
	at.highest.join(taken)
	life, err := h.epoch(tx)
	return errors.Join(err, writeMeta(tx, metaHigh, told), tx.SetMeta(metaAhead, strconv.Itoa(life)))
}

// sameMark notes when the file beside the records is not the one that was there
// when they were written: they were brought to another machine, or it was lost.
func (h *Hub) sameMark(tx Tx) error {
	if h.water.numbers.id == "" {
		return nil // a copy is being read
	}
	had, err := tx.Meta(metaMark)
	if had == h.water.numbers.id || err != nil && !errors.Is(err, model.ErrNotFound) {
		return err
	}
	life, err := h.epoch(tx)
	return errors.Join(err, tx.SetMeta(metaMark, h.water.numbers.id), tx.SetMeta(metaUnled, strconv.Itoa(life)))
}

// led reports whether the mark is known to know every number leased in the life
// that ended, counted from 0: it belongs to the records, and it was ahead of them. A
// whole folder that was put back brings its old mark along.
func (h *Hub) led(tx Tx, ended int64) (bool, error) {
	broken, err1 := number(tx, metaUnled)
	ahead, err2 := number(tx, metaAhead)
	return ahead == ended+1 && broken != ended+1, errors.Join(err1, err2)
}

// doubt notes that of a laptop that has just said what it holds there may be two,
// and that the other one may hold numbers nobody knows of: it is in a later life,
// and the mark was lost.
func doubt(tx Tx, id model.ID, epoch int) error {
	var back restored
	if err := readMeta(tx, metaRestored, &back); err != nil || back.Led || epoch == 1 || back.At.IsZero() {
		return err
	}
	back.Copied = append(back.Copied, id)
	return writeMeta(tx, metaRestored, back)
}

// doubted reports whether there is such a laptop.
func doubted(tx Tx) (bool, error) {
	var back restored
	err := readMeta(tx, metaRestored, &back)
	return len(back.Copied) > 0, err
}

// trusted notes that every number that is out is known: numbers are leased again.
func trusted(tx Tx) error {
	var back restored
	if err := readMeta(tx, metaRestored, &back); err != nil || back.Led || back.At.IsZero() {
		return err
	}
	back.Led, back.Copied = true, nil
	return writeMeta(tx, metaRestored, back)
}
