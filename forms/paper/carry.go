package paper

import (
	"fmt"
	"strconv"
	"strings"
)

// carry makes the rows by which a long table goes over from one page to the next: 过次页 closes a page with the
// sums so far and 承前页 begins the next one with them.
type carry struct {
	row   int // of the table, from 0
	table *carriedTable
}

// carriedTable is what all rows of one table share.
type carriedTable struct {
	set     func(texts map[string]string) ([]strip, error) // one ruled row
	columns []string
	sums    []map[string]int64 // fen after each row
	height  float64            // of a row with the largest sums, in points
}

const (
	carriedOver    = "过次页"
	broughtForward = "承前页"
)

// before gives the row of sums over what stands before this row; nothing before the first one.
func (k *carry) before(words string) ([]strip, error) {
	if k == nil || k.row == 0 {
		return nil, nil
	}
	return k.table.line(words, k.row-1)
}

// measure finds the height of the rows of sums, once all rows are counted.
func (t *carriedTable) measure() error {
	if t == nil || len(t.sums) == 0 {
		return nil
	}
	strips, err := t.line(carriedOver, len(t.sums)-1)
	for _, st := range strips {
		t.height += st.height
	}
	return err
}

func (t *carriedTable) line(words string, row int) ([]strip, error) {
	texts := map[string]string{"": words}
	for _, c := range t.columns {
		texts[c] = yuan(t.sums[row][c])
	}
	return t.set(texts)
}

// count adds a row to the sums. An empty amount counts nothing; one that is no amount is an error.
func (t *carriedTable) count(r row) error {
	sum := map[string]int64{}
	for _, c := range t.columns {
		fen, err := fenOf(r[c].text)
		if err != nil {
			return fmt.Errorf("第 %d 行“%s”（%s）%w", len(t.sums)+1, r[c].field.Label, c, err)
		}
		sum[c] = fen
		if n := len(t.sums); n > 0 {
			sum[c] += t.sums[n-1][c]
		}
	}
	t.sums = append(t.sums, sum)
	return nil
}

// fenOf reads an amount as it is printed, "12,345.60", in fen.
func fenOf(s string) (int64, error) {
	s = strings.ReplaceAll(s, ",", "")
	if s == "" {
		return 0, nil
	}
	whole, cents, dotted := strings.Cut(s, ".")
	if dotted && len(cents) == 1 {
		cents += "0"
	}
	if !dotted {
		cents = "00"
	}
	fen, err := strconv.ParseInt(whole+cents, 10, 64)
	if err != nil || len(cents) != 2 || len(s) > 16 {
		return 0, fmt.Errorf("的金额“%s”无法累计，请写作 12,345.60 的形式", s)
	}
	return fen, nil
}

// yuan writes fen as an amount with separators.
func yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	whole := strconv.FormatInt(fen/100, 10)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return fmt.Sprintf("%s%s.%02d", sign, whole, fen%100)
}
