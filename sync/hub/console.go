package hub

import (
	"context"
	"crypto/subtle"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"anxin/model"
	"anxin/sync/wire"
)

//go:embed pages
var consoleFiles embed.FS

var consolePages = template.Must(template.New("").Funcs(template.FuncMap{
	"when": func(t time.Time) string {
		if t.IsZero() {
			return "从未"
		}
		return t.Local().Format("2006-01-02 15:04")
	},
	"size": func(n int64) string {
		if n < 1<<20 {
			return fmt.Sprintf("%d KiB", (n+1023)/1024)
		}
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	},
	"less":  func(a, b int64) int64 { return a - b },
	"kind":  kindName,
	"field": fieldName,
}).ParseFS(consoleFiles, "pages/*.html"))

// The cookie of the console; logins one address may try in a minute; how many
// conflicts a page lists.
const (
	cookieName     = "anxin_console"
	loginPerMinute = 10
	listConflicts  = 200
	maxForm        = 16 << 10 // bytes
)

// view is what a page of the console shows.
type view struct {
	Page      string
	Name      string
	CSRF      string
	Error     string
	Note      string
	State     Condition
	Aside     []Entry
	Users     map[model.ID]string // of the laptops whose operations are aside
	Conflicts []wire.Conflict
	Ledgers   []Ledger
	Code      string
	QR        template.HTML
}

// console serves the bureau's pages: plain forms, nothing runs in the browser.
func (h *Hub) console(mux *http.ServeMux) {
	mux.Handle("GET /console/{$}", http.RedirectHandler("/console", http.StatusMovedPermanently))
	mux.HandleFunc("GET /console", h.serve(h.member(h.showState)))
	mux.HandleFunc("GET /console/quarantine", h.serve(h.member(h.showAside)))
	mux.HandleFunc("GET /console/conflicts", h.serve(h.member(h.showConflicts)))
	mux.HandleFunc("GET /console/numbers", h.serve(h.member(h.showNumbers)))
	mux.HandleFunc("GET /console/enrol", h.serve(h.member(h.showEnrol)))
	mux.HandleFunc("GET /console/restored", h.serve(h.member(h.showRestored)))
	mux.HandleFunc("POST /console/restored", h.serve(h.form(h.postRestored)))
	mux.HandleFunc("POST /console/login", h.serve(h.postLogin))
	mux.HandleFunc("POST /console/logout", h.serve(h.form(h.postLogout)))
	mux.HandleFunc("POST /console/quarantine", h.serve(h.form(h.postAside)))
	mux.HandleFunc("POST /console/device", h.serve(h.form(h.postDevice)))
	mux.HandleFunc("POST /console/enrol", h.serve(h.form(h.postEnrol)))
	mux.HandleFunc("POST /console/numbers", h.serve(h.form(h.postNumbers)))
}

type handler func(http.ResponseWriter, *http.Request) error

// member runs a page for somebody who is logged in, and shows the login to
// everybody else.
func (h *Hub) member(page func(context.Context, *view) error) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, ok, err := h.visitor(r)
		if err != nil {
			return err
		}
		if !ok {
			return h.show(w, http.StatusUnauthorized, view{Page: "login"})
		}
		if err := page(r.Context(), &v); err != nil {
			return err
		}
		return h.show(w, http.StatusOK, v)
	}
}

func (h *Hub) visitor(r *http.Request) (v view, ok bool, err error) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return v, false, nil // there is no such cookie
	}
	s, ok, err := h.visitOf(r.Context(), cookie.Value)
	v.Name, v.CSRF = s.Name, h.mark("csrf", cookie.Value)
	return v, ok, err
}

// form runs an act of somebody who is logged in and came from a page of his
// own session, and shows the page that fn leaves.
func (h *Hub) form(fn func(http.ResponseWriter, *http.Request, *view) error) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, ok, err := h.visitor(r)
		if err != nil {
			return err
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if !ok || subtle.ConstantTimeCompare([]byte(r.PostFormValue("csrf")), []byte(v.CSRF)) != 1 {
			return h.show(w, http.StatusForbidden, view{Page: "login", Error: "登录已失效，请重新登录"})
		}
		if err := fn(w, r, &v); err != nil {
			return err
		}
		status := http.StatusOK
		if v.Error != "" {
			status = http.StatusUnprocessableEntity
		}
		return h.show(w, status, v)
	}
}

func (h *Hub) show(w http.ResponseWriter, status int, v view) error {
	if v.Page == "" {
		return nil // answered already
	}
	pageHeader(w)
	w.WriteHeader(status)
	if err := consolePages.ExecuteTemplate(w, "console.html", v); err != nil {
		return fmt.Errorf("写出管理页面: %w", err)
	}
	return nil
}

// pageHeader forbids a page everything it does not need.
func pageHeader(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
}

func (h *Hub) showState(ctx context.Context, v *view) (err error) {
	v.Page = "state"
	v.State, err = h.State(ctx)
	return err
}

func (h *Hub) showAside(ctx context.Context, v *view) (err error) {
	v.Page = "quarantine"
	if v.Aside, err = h.Quarantine(ctx); err != nil {
		return err
	}
	devices, err := h.Devices(ctx)
	v.Users = map[model.ID]string{}
	for _, d := range devices {
		v.Users[d.ID] = d.Name
	}
	return err
}

func (h *Hub) showConflicts(ctx context.Context, v *view) (err error) {
	v.Page = "conflicts"
	v.Conflicts, err = h.Conflicts(ctx, listConflicts)
	return err
}

func (h *Hub) showNumbers(ctx context.Context, v *view) (err error) {
	v.Page = "numbers"
	if v.State, err = h.State(ctx); err != nil {
		return err
	}
	v.Ledgers, err = h.Ledgers(ctx)
	return err
}

func (h *Hub) showEnrol(_ context.Context, v *view) error {
	v.Page = "enrol"
	return nil
}

func (h *Hub) postLogin(w http.ResponseWriter, r *http.Request) error {
	if !h.login.allow(r) {
		return h.show(w, http.StatusTooManyRequests, view{Page: "login", Error: "尝试次数过多，请一分钟后再试"})
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	cookie, err := h.logIn(r.Context(), r.PostFormValue("name"), r.PostFormValue("password"))
	if err != nil {
		return err
	}
	if cookie == "" {
		return h.show(w, http.StatusForbidden, view{Page: "login", Error: "账号或口令不正确"})
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: cookie, Path: "/console", MaxAge: int(SessionLife.Seconds()),
		HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, "/console", http.StatusSeeOther)
	return nil
}

func (h *Hub) postLogout(w http.ResponseWriter, r *http.Request, v *view) error {
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: "/console", MaxAge: -1, HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, "/console", http.StatusSeeOther)
	v.Page = ""
	return nil
}

// said puts what an act came to on the page: done, or the sentence why not.
func (v *view) said(err error, done string) error {
	switch {
	case err == nil:
		v.Note = done
	case errors.Is(err, model.ErrNotFound):
		v.Error = "没有这一项，可能已由别人处理"
	default:
		v.Error = err.Error()
	}
	return nil
}

func (h *Hub) postAside(_ http.ResponseWriter, r *http.Request, v *view) error {
	position, err := strconv.ParseInt(r.PostFormValue("position"), 10, 64)
	if err == nil && r.PostFormValue("act") == "release" {
		err = h.Release(r.Context(), position, v.Name)
	} else if err == nil {
		err = h.Reject(r.Context(), position, v.Name)
	}
	if err := v.said(err, fmt.Sprintf("第 %d 条操作已处理", position)); err != nil {
		return err
	}
	return h.showAside(r.Context(), v)
}

func (h *Hub) postDevice(_ http.ResponseWriter, r *http.Request, v *view) error {
	id, err := model.ParseID(r.PostFormValue("device"))
	done := "笔记本已停用"
	if err == nil && r.PostFormValue("act") == "renew" {
		done, err = "入网证书已续期", h.Renew(r.Context(), id)
	} else if err == nil {
		err = h.Revoke(r.Context(), id)
	}
	if err := v.said(err, done); err != nil {
		return err
	}
	return h.showState(r.Context(), v)
}

func (h *Hub) showRestored(ctx context.Context, v *view) (err error) {
	v.Page = "restored"
	v.State.Restored, err = h.Restored(ctx)
	return err
}

func (h *Hub) postRestored(_ http.ResponseWriter, r *http.Request, v *view) error {
	id, err := model.ParseID(r.PostFormValue("device"))
	done := "已确认"
	if err == nil && r.PostFormValue("act") == "confirm" {
		err = h.Confirm(r.Context(), id)
	} else if err == nil {
		done, err = "不予确认", h.Dismiss(r.Context(), id)
	}
	if err := v.said(err, done); err != nil {
		return err
	}
	return h.showRestored(r.Context(), v)
}

func (h *Hub) postEnrol(_ http.ResponseWriter, r *http.Request, v *view) error {
	v.Page = "enrol"
	code, err := h.Invite(r.Context(), r.PostFormValue("name"), strings.TrimSpace(r.PostFormValue("scope")))
	if err != nil {
		return v.said(err, "")
	}
	v.Code = code
	v.QR, err = qr(code)
	return err
}

func (h *Hub) postNumbers(_ http.ResponseWriter, r *http.Request, v *view) error {
	if err := v.said(h.ResumeNumbers(r.Context()), "已恢复发号"); err != nil {
		return err
	}
	return h.showNumbers(r.Context(), v)
}
