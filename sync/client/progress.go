package client

import (
	"time"

	"anxin/model"
)

// Phases of a cycle, in the words of the terminal.
const (
	PhaseHello   = "联系局服务器"
	PhasePull    = "接收记录"
	PhasePush    = "上报记录"
	PhaseSend    = "上传材料"
	PhaseFetch   = "接收材料"
	PhaseCompare = "核对局服务器缺少的记录"
	PhaseRefill  = "补报局服务器缺少的记录"
)

// Progress is where a cycle stands: operations, revisions or files done of
// those known so far, bytes moved, and how long the rest will take.
type Progress struct {
	Phase string // one of the phases
	Done  int
	Total int
	Bytes int64
	// TotalBytes is what the phase has to move, 0 when that is not known.
	TotalBytes int64
	// Left is how long the phase will still take at the present rate; 0 while
	// nobody can honestly say.
	Left time.Duration
}

// An estimate is shown only after so long and so many samples; each sample
// counts for a fifth against what was known.
const (
	etaAfter   = 5 * time.Second
	etaSamples = 3
	etaWeight  = 0.2
)

// meter measures the rate of a phase, in records or in bytes.
type meter struct {
	clock  model.Clock
	report func(Progress)
	now    Progress

	began, last time.Time
	amount      float64 // at last
	rate        float64 // per second
	samples     int
}

func newMeter(clock model.Clock, report func(Progress)) *meter {
	return &meter{clock: clock, report: report}
}

// phase tells how many records or files of a phase are done.
func (m *meter) phase(name string, done, total int) {
	m.tell(Progress{Phase: name, Done: done, Total: total}, float64(done), float64(total))
}

// moved tells how many bytes of the files of a phase are done.
func (m *meter) moved(name string, done, total int, bytes, totalBytes int64) {
	m.tell(Progress{Phase: name, Done: done, Total: total, Bytes: bytes, TotalBytes: totalBytes}, float64(bytes), float64(totalBytes))
}

func (m *meter) tell(p Progress, amount, total float64) {
	if m == nil || m.report == nil {
		return
	}
	at := m.clock.Now()
	if p.Phase != m.now.Phase {
		m.began, m.last, m.amount, m.rate, m.samples = at, at, amount, 0, 0
	}
	if d := at.Sub(m.last).Seconds(); d > 0 && amount > m.amount {
		rate := (amount - m.amount) / d
		if m.samples++; m.samples > 1 {
			rate = etaWeight*rate + (1-etaWeight)*m.rate
		}
		m.rate, m.last, m.amount = rate, at, amount
	}
	if m.samples >= etaSamples && at.Sub(m.began) >= etaAfter && total > amount {
		p.Left = time.Duration((total - amount) / m.rate * float64(time.Second)).Round(time.Second)
	}
	m.now = p
	m.report(p)
}
