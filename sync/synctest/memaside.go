package synctest

import (
	"context"

	"anxin/model"
)

// Aside implements client.Journal.
func (j *MemJournal) Aside(context.Context) (out []model.Aside, err error) {
	s := j.now.Load()
	for _, op := range s.ops {
		if ack := s.acks[s.epoch][op.Seq]; op.Epoch == s.epoch && ack.Outcome == model.OutcomeQuarantined {
			r := op.Revision
			out = append(out, model.Aside{Seq: op.Seq, Position: ack.Position, Record: r.Record, Kind: r.Kind, Rev: r.Rev, Time: r.Time, Reason: ack.Reason})
		}
	}
	return out, nil
}
