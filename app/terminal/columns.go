package terminal

import (
	"bytes"
	"io"
	"strings"

	"github.com/rivo/uniseg"
)

// Columns lines up what is written to it as lines of cells with a tab between,
// as a terminal shows them: a Chinese character takes two places. An empty line
// begins a table with columns of its own. Nothing appears before Flush.
type Columns struct {
	out  io.Writer
	text bytes.Buffer
}

// NewColumns writes to out.
func NewColumns(out io.Writer) *Columns { return &Columns{out: out} }

// Write implements io.Writer.
func (c *Columns) Write(p []byte) (int, error) { return c.text.Write(p) }

// Flush writes all tables.
func (c *Columns) Flush() error {
	if c.text.Len() == 0 {
		return nil
	}
	var b strings.Builder
	for i, table := range strings.Split(strings.TrimSuffix(c.text.String(), "\n"), "\n\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		lineUp(&b, strings.Split(table, "\n"))
	}
	c.text.Reset()
	_, err := io.WriteString(c.out, b.String())
	return err
}

// between is the room between two columns.
const between = 2

func lineUp(b *strings.Builder, lines []string) {
	var widths []int
	for _, line := range lines {
		for i, cell := range strings.Split(line, "\t") {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], uniseg.StringWidth(cell))
		}
	}
	for _, line := range lines {
		cells := strings.Split(line, "\t")
		for i, cell := range cells {
			b.WriteString(cell)
			if i < len(cells)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]+between-uniseg.StringWidth(cell)))
			}
		}
		b.WriteByte('\n')
	}
}
