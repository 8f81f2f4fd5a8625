package hub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"

	"anxin/model"
	"anxin/sync/wire"
)

// S3 is the Blobs of a hub past one machine: objects PREFIX/blob/ab/<sha256>
// for finished files, PREFIX/staging/<sha256>/<leaf> for the others. It uses
// put, get, head, list and delete of whole objects and nothing else, so that
// any store of the kind serves. What a put confirmed is durable by the
// contract of the store.
type S3 struct {
	client *minio.Client
	bucket string
	prefix string
	seal   leafSeal
}

var errS3URL = errors.New("对象存储的地址不正确，应形如 https://账号:密钥@主机:端口/桶名/前缀")

// unfit says why an object store cannot be used.
func unfit(err error, bucket string) error {
	var refused *net.OpError
	switch code := minio.ToErrorResponse(err).Code; {
	case s3utils.CheckValidBucketNameStrict(bucket) != nil:
		return fmt.Errorf("对象存储的桶名“%s”不正确，应为 3 到 63 个小写字母、数字或者连字符", bucket)
	case code == "InvalidAccessKeyId", code == "SignatureDoesNotMatch", code == "AccessDenied":
		return errors.New("对象存储不接受这个账号或者密钥，请核对")
	case errors.As(err, &refused):
		return fmt.Errorf("连接不上对象存储，请确认它在运行，并核对地址: %w", refused)
	}
	return fmt.Errorf("连接对象存储，请检查地址、账号和密钥: %w", err)
}

// OpenS3 connects to https://ACCESS:SECRET@HOST/BUCKET[/PREFIX][?region=R]; the
// bucket must exist, and what is put there is sealed by key. http is for stores
// on the same machine.
func OpenS3(ctx context.Context, address string, key Seal) (*S3, error) {
	seal, err := newLeafSeal(key)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User == nil || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errS3URL // the address holds a secret and is not repeated
	}
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	secret, ok := u.User.Password()
	if bucket == "" || !ok {
		return nil, errS3URL
	}
	client, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(u.User.Username(), secret, ""),
		Secure: u.Scheme == "https", Region: u.Query().Get("region"), BucketLookup: minio.BucketLookupPath})
	if err != nil {
		return nil, errS3URL
	}
	found, err := client.BucketExists(ctx, bucket)
	if err != nil {
		return nil, unfit(err, bucket)
	}
	if !found {
		return nil, fmt.Errorf("对象存储中没有桶“%s”，请先建立", bucket)
	}
	return &S3{client: client, bucket: bucket, prefix: prefix, seal: seal}, nil
}

// Close implements Blobs; there is nothing to close.
func (s *S3) Close() error { return nil }

func (s *S3) whole(sha string) string { return path.Join(s.prefix, "blob", sha[:2], sha) }
func (s *S3) staged(sha string) string {
	return path.Join(s.prefix, "staging", sha) + "/"
}
func (s *S3) leaf(sha string, n int) string { return s.staged(sha) + strconv.Itoa(n) }

// put writes one object, whose SHA-256 the store checks where it can.
func (s *S3) put(ctx context.Context, name string, r io.Reader, size int64) error {
	_, err := s.client.PutObject(ctx, s.bucket, name, r, size, minio.PutObjectOptions{ContentType: "application/octet-stream"})
	return err
}

// WriteLeaf implements Blobs.
func (s *S3) WriteLeaf(ctx context.Context, sha string, size int64, n int, data []byte) error {
	data = s.seal.seal(sha, size, n, data)
	if err := s.put(ctx, s.leaf(sha, n), bytes.NewReader(data), int64(len(data))); err != nil {
		return fmt.Errorf("保存材料分段 %d: %w", n, err)
	}
	return nil
}

// Have implements Blobs.
func (s *S3) Have(ctx context.Context, sha string, size int64) (wire.Bitmap, error) {
	have := wire.NewBitmap(wire.Leaves(size))
	err := s.each(ctx, sha, func(o minio.ObjectInfo) error {
		n, err := strconv.Atoi(path.Base(o.Key))
		if err == nil && n >= 0 && n < wire.Leaves(size) && o.Size == wire.LeafLen(size, n)+int64(s.seal.aead.Overhead()) {
			have.Set(n)
		}
		return nil
	})
	return have, err
}

// each lists the leaves of an unfinished file.
func (s *S3) each(ctx context.Context, sha string, fn func(minio.ObjectInfo) error) error {
	for o := range s.client.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.staged(sha)}) {
		if o.Err != nil {
			return fmt.Errorf("读取材料分段清单: %w", o.Err)
		}
		if err := fn(o); err != nil {
			return err
		}
	}
	return nil
}

// Finish implements Blobs. The leaves are read again on their way into the
// object, whose last bytes are held back until the whole hash is right, so the
// object's name never shows other bytes. Where no leaves lie, the object itself
// is read again.
func (s *S3) Finish(ctx context.Context, sha string, size int64) error {
	have, err := s.Have(ctx, sha, size)
	if err != nil {
		return err
	}
	if !have.Full(wire.Leaves(size)) {
		return s.check(ctx, sha, size)
	}
	err = s.put(ctx, s.whole(sha), &leafReader{ctx: ctx, s: s, sha: sha, size: size, sum: sha256.New()}, s.seal.sealedSize(size))
	if errors.Is(err, ErrDamaged) {
		return errors.Join(ErrDamaged, s.drop(ctx, sha))
	}
	if err != nil {
		return fmt.Errorf("存放材料: %w", err)
	}
	o, err := s.client.StatObject(ctx, s.bucket, s.whole(sha), minio.StatObjectOptions{})
	if want := s.seal.sealedSize(size); err != nil || o.Size != want {
		return fmt.Errorf("存放材料: 对象存储里的大小是 %d，应为 %d: %w", o.Size, want, errors.Join(err, ErrDamaged))
	}
	return s.drop(ctx, sha)
}

// check reads the whole object; one that does not fit its hash is removed.
func (s *S3) check(ctx context.Context, sha string, size int64) error {
	r, _, err := s.Open(ctx, sha)
	if err == nil {
		err = errors.Join(fits(ctx, r, sha, size), r.Close())
	}
	if errors.Is(err, ErrDamaged) {
		return errors.Join(err, s.client.RemoveObject(ctx, s.bucket, s.whole(sha), minio.RemoveObjectOptions{}), s.drop(ctx, sha))
	}
	if err != nil {
		return fmt.Errorf("核对材料: %w", err)
	}
	return s.drop(ctx, sha)
}

// drop removes what is left of an upload.
func (s *S3) drop(ctx context.Context, sha string) error {
	return s.each(ctx, sha, func(o minio.ObjectInfo) error {
		if err := s.client.RemoveObject(ctx, s.bucket, o.Key, minio.RemoveObjectOptions{}); err != nil {
			return fmt.Errorf("清理材料分段: %w", err)
		}
		return nil
	})
}

// Open implements Blobs.
func (s *S3) Open(ctx context.Context, sha string) (io.ReadSeekCloser, int64, error) {
	o, err := s.client.GetObject(ctx, s.bucket, s.whole(sha), minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, fmt.Errorf("打开材料: %w", err)
	}
	info, err := o.Stat()
	if err == nil {
		var r *leafFile
		if r, err = s.seal.openLeaves(o, sha, info.Size); err == nil {
			return r, r.size, nil
		}
	}
	if closeErr := o.Close(); absent(err) {
		return nil, 0, errors.Join(model.ErrNotFound, closeErr)
	}
	return nil, 0, fmt.Errorf("打开材料: %w", err)
}

func absent(err error) bool { return minio.ToErrorResponse(err).StatusCode == http.StatusNotFound }

// leafReader reads the leaves of a file one after the other, as they are sealed.
type leafReader struct {
	ctx  context.Context
	s    *S3
	sha  string
	size int64
	sum  interface {
		io.Writer
		Sum([]byte) []byte
	}
	n    int
	rest []byte
}

func (r *leafReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if r.n >= wire.Leaves(r.size) {
			return 0, io.EOF
		}
		if err := r.fetch(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func (r *leafReader) fetch() error {
	o, err := r.s.client.GetObject(r.ctx, r.s.bucket, r.s.leaf(r.sha, r.n), minio.GetObjectOptions{})
	if err != nil {
		return err
	}
	data, err := io.ReadAll(io.LimitReader(o, r.s.seal.stride()+1))
	if err = errors.Join(err, o.Close()); err != nil {
		return err
	}
	clear, err := r.s.seal.open(r.sha, r.size, r.n, data)
	if err != nil {
		return err
	}
	if _, err := r.sum.Write(clear); err != nil {
		return err
	}
	r.n++
	if r.n == wire.Leaves(r.size) && hex.EncodeToString(r.sum.Sum(nil)) != r.sha {
		return ErrDamaged
	}
	r.rest = data
	return nil
}
