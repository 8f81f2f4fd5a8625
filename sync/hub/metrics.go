package hub

import (
	"context"
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"anxin/model"
)

// metrics are counted in this process; labels are paths, statuses and outcomes,
// never anything of a person or a device.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	ops      *prometheus.CounterVec
	bytes    prometheus.Counter
}

func newMetrics() *metrics {
	m := &metrics{registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "anxin_hub_requests_total", Help: "Requests by path and status."}, []string{"path", "status"}),
		ops:      prometheus.NewCounterVec(prometheus.CounterOpts{Name: "anxin_hub_operations_total", Help: "Operations acknowledged, by outcome."}, []string{"outcome"}),
		bytes:    prometheus.NewCounter(prometheus.CounterOpts{Name: "anxin_hub_evidence_bytes_total", Help: "Bytes of evidence received and checked."})}
	m.registry.MustRegister(m.requests, m.ops, m.bytes)
	return m
}

func (m *metrics) request(pattern string, status int) {
	if pattern == "" {
		pattern = "none"
	}
	m.requests.WithLabelValues(pattern, strconv.Itoa(status)).Inc()
}

func (m *metrics) pushed(acks []model.Ack) {
	for _, a := range acks {
		m.ops.WithLabelValues(a.Outcome).Inc()
	}
}

// Metrics serves the counters and the state of the hub to Prometheus. It says
// nothing of anybody, but how busy a bureau is is nobody's business outside, so
// it belongs on a port of its own.
func (h *Hub) Metrics() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		registry := prometheus.NewRegistry()
		if err := h.gauges(r.Context(), registry); err != nil {
			h.opt.Log.Error("metrics failed", "error", err)
			http.Error(w, "unavailable", http.StatusServiceUnavailable)
			return
		}
		promhttp.HandlerFor(prometheus.Gatherers{h.count.registry, registry}, promhttp.HandlerOpts{}).ServeHTTP(w, r)
	})
}

// gauges reads how things stand at present.
func (h *Hub) gauges(ctx context.Context, registry *prometheus.Registry) error {
	s, err := h.State(ctx)
	if err != nil {
		return err
	}
	for name, v := range map[string]float64{
		"anxin_hub_log_entries": float64(s.Log), "anxin_hub_backed_up_entries": float64(s.Copied.Size),
		"anxin_hub_devices": float64(len(s.Devices)), "anxin_hub_quarantined": float64(s.Quarantined),
		"anxin_hub_open_conflicts": float64(s.Conflicts), "anxin_hub_evidence_files": float64(s.Files),
		"anxin_hub_evidence_stored_bytes": float64(s.FileBytes), "anxin_hub_evidence_unverified": float64(s.Unverified),
		"anxin_hub_epoch": float64(s.Epoch),
	} {
		g := prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: name[len("anxin_hub_"):] + " at present."})
		g.Set(v)
		if err := registry.Register(g); err != nil {
			return err
		}
	}
	return nil
}

// Condition is how the hub stands, for the console and the metrics.
type Condition struct {
	Log         int64
	Copied      Copied
	Epoch       int
	Held        bool // numbers are not leased, see AfterRestore
	Devices     []Device
	Quarantined int
	Conflicts   int
	Files       int // of evidence, whole
	FileBytes   int64
	Unverified  int // of them not yet read again
	Arriving    int // announced and not whole
	Restored    Restored
}

// manyConflicts bounds what is counted.
const manyConflicts = 10_000

// State reads how the hub stands.
func (h *Hub) State(ctx context.Context) (s Condition, err error) {
	err = h.store.View(ctx, func(tx Tx) error {
		s = Condition{}
		log, err := tx.Log()
		if err != nil {
			return err
		}
		s.Log = log.Size
		if s.Copied, err = backedUp(tx); err != nil {
			return err
		}
		if s.Epoch, err = h.epoch(tx); err != nil {
			return err
		}
		if s.Held, err = h.held(tx); err != nil {
			return err
		}
		if s.Devices, err = tx.Devices(); err != nil {
			return err
		}
		if s.Restored, err = h.restored(tx); err != nil {
			return err
		}
		aside, err := tx.Quarantine()
		if err != nil {
			return err
		}
		open, err := tx.OpenConflicts(manyConflicts)
		if err != nil {
			return err
		}
		s.Quarantined, s.Conflicts = len(aside), len(open)
		return tx.EachBlob(s.file)
	})
	return s, err
}

func (s *Condition) file(b Blob) error {
	switch {
	case !b.Stored:
		s.Arriving++
		return nil
	case b.Verified.IsZero():
		s.Unverified++
	}
	s.Files++
	s.FileBytes += b.Size
	return nil
}
