package proxy

import (
	"net/http"
	"strconv"
	"strings"
)

const serverName = "awselb/2.0"

// refuse answers in the place of a target, with the page that ELB has.
func refuse(w http.ResponseWriter, status int) {
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	page := "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n</body>\r\n</html>\r\n"
	write(w, status, "text/html", page)
}

func (f *FixedResponse) answer(w http.ResponseWriter) {
	contentType := f.ContentType
	if contentType == "" {
		contentType = "text/plain"
	}
	write(w, f.StatusCode, contentType, f.Body)
}

func write(w http.ResponseWriter, status int, contentType, body string) {
	h := w.Header()
	h["Server"] = []string{serverName}
	h["Content-Type"] = []string{cleanHeader(contentType)}
	if status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified {
		h["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body)) // a client that is gone does not read it
}

func (d *Redirect) answer(w http.ResponseWriter, r *http.Request, port string) {
	w.Header().Set("Location", d.location(r, port))
	title := strconv.Itoa(d.StatusCode) + " " + http.StatusText(d.StatusCode)
	write(w, d.StatusCode, "text/html", "<html>\r\n<head><title>"+title+"</title></head>\r\n<body>\r\n<center><h1>"+
		title+"</h1></center>\r\n</body>\r\n</html>\r\n")
}

// location fills in the address. The port is always named, as ELB does.
func (d *Redirect) location(r *http.Request, port string) string {
	host, _ := splitHost(r.Host)
	words := strings.NewReplacer("#{protocol}", "http", "#{host}", host, "#{port}", port,
		"#{path}", strings.TrimPrefix(r.URL.EscapedPath(), "/"), "#{query}", r.URL.RawQuery)
	part := func(given, otherwise string) string {
		if given == "" {
			given = otherwise
		}
		return words.Replace(given)
	}
	query := "#{query}"
	if d.Query != nil {
		query = *d.Query
	}
	path := part(d.Path, "/#{path}")
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	location := strings.ToLower(part(d.Protocol, "#{protocol}")) + "://" + part(d.Host, "#{host}") + ":" + part(d.Port, "#{port}") + path
	if query = words.Replace(query); query != "" {
		location += "?" + query
	}
	return cleanHeader(location)
}

// cleanHeader drops what must not be in a header's value.
func cleanHeader(value string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return -1
		}
		return c
	}, value)
}
