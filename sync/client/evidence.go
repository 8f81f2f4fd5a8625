package client

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"slices"

	"anxin/sync/wire"
)

// unsent is how many files of own revisions the hub may lack, and how many
// bytes those of them have that are here.
func (c *Client) unsent(ctx context.Context) (files int, size int64, err error) {
	var list []string
	if _, err := c.load(ctx, settingUnsent, &list); err != nil {
		return 0, 0, err
	}
	local, size, err := c.local(ctx, list)
	return len(local), size, err
}

// local are the files of a list that are here, the small ones first, and their
// bytes in all.
func (c *Client) local(ctx context.Context, list []string) (out []string, total int64, err error) {
	size := map[string]int64{}
	for _, sha := range list {
		has, err := c.opt.Blobs.Has(ctx, sha)
		if err != nil {
			return nil, 0, err
		}
		if !has {
			continue
		}
		file, n, err := c.opt.Blobs.Get(ctx, sha)
		if err != nil {
			return nil, 0, err
		}
		if err := file.Close(); err != nil {
			return nil, 0, err
		}
		out = append(out, sha)
		size[sha] = n
		total += n
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(size[a], size[b]) })
	return out, total, nil
}

// askMissing asks which of the files of own revisions the hub lacks, and
// forgets the others. On a metered line files wait.
func (r *cycle) askMissing(ctx context.Context) (step, error) {
	var unsent []string
	if _, err := r.c.load(ctx, settingUnsent, &unsent); err != nil {
		return nil, err
	}
	local, _, err := r.c.local(ctx, unsent)
	if err != nil {
		return nil, err
	}
	if r.c.metered() {
		r.sum.Deferred = len(local)
		return r.shed, nil
	}
	var missing []string
	for part := range slices.Chunk(local, wire.MaxAsk) {
		var out wire.Missing
		if err := r.conn.call(ctx, "blobs/missing", wire.Ask{SHA256: part}, &out); err != nil {
			return nil, err
		}
		missing = append(missing, out.SHA256...)
	}
	if len(missing) < len(unsent) {
		if err := r.c.save(ctx, settingUnsent, missing); err != nil {
			return nil, err
		}
	}
	missing, r.toMove, err = r.c.local(ctx, missing)
	return r.sendFiles(missing, 0), err
}

// sendFiles is the step that sends the n-th of a list of files.
func (r *cycle) sendFiles(list []string, n int) step {
	return func(ctx context.Context) (step, error) {
		if n == len(list) {
			return r.handedIn(ctx, len(list) > 0)
		}
		r.meter.moved(PhaseSend, n, len(list), r.moved, r.toMove)
		if err := r.sendFile(ctx, list[n], func() { r.meter.moved(PhaseSend, n, len(list), r.moved, r.toMove) }); err != nil {
			return nil, err
		}
		r.sum.Blobs++
		return r.sendFiles(list, n+1), nil
	}
}

// handedIn ends the sending and begins the fetching.
func (r *cycle) handedIn(ctx context.Context, sent bool) (step, error) {
	if sent {
		if err := r.c.save(ctx, settingUnsent, []string{}); err != nil {
			return nil, err
		}
	}
	return r.fetchList(settingPapers)(ctx)
}

// sendFile brings one file to the hub; what an earlier try brought is not sent
// again.
func (r *cycle) sendFile(ctx context.Context, sha string, tell func()) error {
	file, size, err := r.c.opt.Blobs.Get(ctx, sha)
	if err != nil {
		return err
	}
	defer file.Close()
	leaves, err := hashLeaves(file, size)
	if err != nil {
		return fmt.Errorf("读取材料 %.8s: %w", sha, err)
	}
	var state wire.Progress
	if err := r.conn.call(ctx, "blobs", wire.Announce{SHA256: sha, Size: size, Leaves: leaves}, &state); err != nil || state.Stored {
		return err
	}
	for {
		run, ok := nextRun(state.Have, len(leaves), r.run)
		if !ok {
			break
		}
		if err := r.sendRun(ctx, sha, file, size, run); err != nil {
			return err
		}
		for n := run.First; n <= run.Last; n++ {
			state.Have.Set(n)
			r.moved += wire.LeafLen(size, n)
		}
		tell()
		if err := r.c.gate.pass(ctx); err != nil {
			return err
		}
	}
	return r.conn.call(ctx, "blobs/"+sha+"/finish", struct{}{}, &state)
}

// nextRun is the first run of leaves the hub lacks, at most limit long.
func nextRun(have wire.Bitmap, leaves, limit int) (wire.Run, bool) {
	first := 0
	for first < leaves && have.Has(first) {
		first++
	}
	if first == leaves {
		return wire.Run{}, false
	}
	last := first
	for last+1 < leaves && last-first+1 < limit && !have.Has(last+1) {
		last++
	}
	return wire.Run{First: first, Last: last}, true
}

// growAfter is how many whole requests double the length of a run; a cut
// halves it.
const growAfter = 20

func (r *cycle) sendRun(ctx context.Context, sha string, file io.ReadSeeker, size int64, run wire.Run) error {
	from := int64(run.First) * wire.LeafSize
	body := make([]byte, min(int64(run.Len())*wire.LeafSize, size-from))
	if _, err := file.Seek(from, io.SeekStart); err != nil {
		return fmt.Errorf("读取材料 %.8s: %w", sha, err)
	}
	if _, err := io.ReadFull(file, body); err != nil {
		return fmt.Errorf("读取材料 %.8s: %w", sha, err)
	}
	res, err := r.conn.send(ctx, request{method: http.MethodPut, path: "/blobs/" + sha + "/" + run.String(), body: body})
	if err != nil {
		r.run, r.smooth = max(1, r.run/2), 0
		return err
	}
	if r.smooth++; r.smooth >= growAfter {
		r.run, r.smooth = min(wire.MaxRun, r.run*2), 0
	}
	return res.Body.Close()
}

// hashLeaves is the SHA-256 of every leaf of a file of size bytes.
func hashLeaves(file io.Reader, size int64) ([][]byte, error) {
	leaves := make([][]byte, wire.Leaves(size))
	h := sha256.New()
	for n := range leaves {
		h.Reset()
		if _, err := io.CopyN(h, file, wire.LeafLen(size, n)); err != nil {
			return nil, err
		}
		leaves[n] = h.Sum(nil)
	}
	return leaves, nil
}
