package hub

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"anxin/model"
)

// Postgres is the Store of a hub past one machine. It asks nothing of the
// database but tables, row locks and transactions, so that its relatives serve
// as well; replicas share nothing else.
type Postgres struct {
	pool *pgxpool.Pool
	box  box
}

// OpenPostgres connects to the database of a DSN, whose tables it makes or
// brings up to date, and whose records are sealed by key.
func OpenPostgres(ctx context.Context, dsn string, key Seal) (*Postgres, error) {
	box, err := newBox(key)
	if err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, errors.New("PostgreSQL 的连接串不正确，应形如 postgres://用户:口令@主机:5432/数据库") // the DSN holds a password
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("连接 PostgreSQL: %w", err)
	}
	migrate := func() error {
		return pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error { return migratePostgres(ctx, c.Conn()) })
	}
	if err := retry(ctx, migrate); err != nil {
		pool.Close()
		return nil, unreached(err)
	}
	return &Postgres{pool: pool, box: box}, nil
}

// unreached says why PostgreSQL cannot be used. The driver's own words name user
// and database and try each address twice.
func unreached(err error) error {
	var said *pgconn.PgError
	var refused *net.OpError
	switch {
	case errors.As(err, &said) && strings.HasPrefix(said.Code, "28"): // invalid authorization
		return errors.New("PostgreSQL 不接受连接串里的用户或者口令，请核对")
	case errors.As(err, &said) && said.Code == "3D000": // no such database
		return errors.New("PostgreSQL 里没有连接串所写的数据库，请先建立，或者核对连接串")
	case errors.As(err, &refused) && refused.Addr != nil:
		return fmt.Errorf("连接不上 PostgreSQL（%s），请确认它在运行，并核对连接串里的地址和端口: %w", refused.Addr, refused)
	}
	return fmt.Errorf("准备 PostgreSQL 数据库，请检查连接串和权限: %w", err)
}

// Close closes all connections.
func (p *Postgres) Close() error {
	p.pool.Close()
	return nil
}

// Update implements Store: rows a transaction reads to write them stay locked,
// and a transaction the database gives up is run again after a random pause.
func (p *Postgres) Update(ctx context.Context, fn func(Tx) error) error {
	return retry(ctx, func() error { return p.run(ctx, "BEGIN", shared, fn) })
}

// View implements Store by a snapshot.
func (p *Postgres) View(ctx context.Context, fn func(Tx) error) error {
	d := shared
	d.lock = ""
	return retry(ctx, func() error { return p.run(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", d, fn) })
}

// What retry does: so many tries, with a random pause below a bound that
// doubles from the first.
const (
	maxRetries = 8
	firstRetry = 5 * time.Millisecond
)

// retry runs fn again while the database says that another transaction was in
// its way.
func retry(ctx context.Context, fn func() error) error {
	for n := 0; ; n++ {
		err := fn()
		if err == nil || n >= maxRetries || !inTheWay(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(rand.N(firstRetry << n)):
		}
	}
}

// inTheWay: serialization failure, deadlock, or a row another transaction has
// just inserted and this one has not seen.
func inTheWay(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01" || e.Code == "23505")
}

// run is one transaction. Statements that answer nothing wait for the next
// that does, the commit at the latest, so that a push takes few round trips
// and its locks are held for short.
func (p *Postgres) run(ctx context.Context, begin string, d dialect, fn func(Tx) error) error {
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("连接 PostgreSQL: %w", err)
	}
	defer conn.Release()
	s := &pgSession{ctx: ctx, conn: conn.Conn(), waiting: &pgx.Batch{}}
	s.waiting.Queue(begin)
	done := false
	defer func() {
		if !done { // a connection that cannot roll back is closed with its transaction
			if _, err := conn.Exec(context.WithoutCancel(ctx), "ROLLBACK"); err != nil {
				_ = conn.Conn().Close(context.WithoutCancel(ctx))
			}
		}
	}()
	tx := newTx(s, d, p.box)
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.finish(); err != nil {
		return err
	}
	s.waiting.Queue("COMMIT")
	if err := s.send(nil); err != nil {
		return err
	}
	done = true
	return nil
}

// shared is PostgreSQL's dialect.
var shared = dialect{
	among: "= ANY(?)",
	list:  func(values []string) any { return values },
	lock:  " FOR UPDATE",
	bump:  bumpShared,
	feed:  feedShared,
}

// raise raises the counter and numbers the rows in one statement, the
// last of the transaction: the counter's row stays locked until the commit, so
// the order of numbers is the order of commits and a reader can skip none.
const raise = `WITH h AS (UPDATE scope SET head = head + ?::bigint WHERE name = ?::text RETURNING head - ?::bigint AS s0),
	f AS (INSERT INTO feed(scope, record, seq, gone) SELECT ?::text, r.id, h.s0 + r.o, ?::boolean FROM h, unnest(?::text[]) WITH ORDINALITY AS r(id, o)
	ON CONFLICT (scope, record) DO UPDATE SET seq = excluded.seq, gone = excluded.gone RETURNING record, seq, gone)
	UPDATE revision SET seq = f.seq FROM f WHERE revision.record = f.record AND revision.seq = 0 AND NOT f.gone`

func bumpShared(t *sqlTx, scope string, records []model.ID, gone bool) error {
	if err := t.finish(); err != nil {
		return err
	}
	if err := t.exec("INSERT INTO scope VALUES(?, "+beginning+") ON CONFLICT DO NOTHING", scope); err != nil {
		return err
	}
	n := len(records)
	return t.exec(raise, n, scope, n, scope, gone, texts(records))
}

// feedShared says how much is wanted, all of which is sent.
func feedShared(scope string, after int64, limit int) (text string, args []any) {
	return feedColumns + "(SELECT seq, record, gone FROM feed WHERE scope = ? AND seq > ? ORDER BY seq LIMIT ?)" + feedJoin + feedOrder,
		[]any{scope, after, limit, after}
}

type pgSession struct {
	ctx     context.Context
	conn    *pgx.Conn
	waiting *pgx.Batch
}

// numbered are statements with their parameters as PostgreSQL writes them.
var numbered sync.Map

func placeholders(text string) string {
	if known, ok := numbered.Load(text); ok {
		return known.(string)
	}
	source := text
	var b strings.Builder
	n := 0
	for {
		before, after, more := strings.Cut(text, "?")
		b.WriteString(before)
		if !more {
			break
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
		text = after
	}
	numbered.Store(source, b.String())
	return b.String()
}

func (s *pgSession) queue(text string, args []any) {
	s.waiting.Queue(placeholders(text), args...)
}

// send carries everything that waits to the database; read takes the answer of
// the last statement.
func (s *pgSession) send(read func(pgx.BatchResults) error) (err error) {
	batch := s.waiting
	s.waiting = &pgx.Batch{}
	results := s.conn.SendBatch(s.ctx, batch)
	n := batch.Len()
	if read != nil {
		n--
	}
	for range n {
		if _, err := results.Exec(); err != nil {
			return errors.Join(fmt.Errorf("写入 PostgreSQL: %w", err), closing(results, err))
		}
	}
	if read != nil {
		if err := read(results); err != nil {
			return errors.Join(err, closing(results, err))
		}
	}
	return results.Close()
}

// closing ends a batch that failed; that it says so again is no news.
func closing(results pgx.BatchResults, known error) error {
	if err := results.Close(); err != nil && !errors.Is(known, err) && !errors.As(err, new(*pgconn.PgError)) {
		return err
	}
	return nil
}

func (s *pgSession) exec(text string, args ...any) error {
	s.queue(text, args)
	return nil
}

func (s *pgSession) row(text string, args []any, into ...any) error {
	s.queue(text, args)
	missing := false
	err := s.send(func(results pgx.BatchResults) error {
		err := results.QueryRow().Scan(into...)
		if missing = errors.Is(err, pgx.ErrNoRows); err != nil && !missing {
			return fmt.Errorf("读取 PostgreSQL: %w", err)
		}
		return nil
	})
	if err == nil && missing {
		err = model.ErrNotFound
	}
	return err
}

func (s *pgSession) rows(text string, args []any, fn func(scan func(...any) error) error) error {
	s.queue(text, args)
	return s.send(func(results pgx.BatchResults) error {
		rows, err := results.Query()
		if err != nil {
			return fmt.Errorf("读取 PostgreSQL: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			if err := fn(rows.Scan); err != nil {
				if errors.Is(err, errStop) {
					return nil
				}
				return err
			}
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("读取 PostgreSQL: %w", err)
		}
		return nil
	})
}
