// Checks Alloy's configuration with Alloy's own parser and formatter, and runs its parts: the JMESPath of JSON lines (with
// Alloy's library), the regular expression for PostgreSQL's lines, the time formats, and the template of the levels. Only
// Alloy itself knows its components and arguments: `alloy validate FILE`.
package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/grafana/alloy/syntax/parser"
	"github.com/grafana/alloy/syntax/printer"
	"github.com/jmespath-community/go-jmespath"
)

func TestAlloyConfiguration(t *testing.T) {
	for _, name := range []string{"config.alloy", "pipeline.alloy", "native/config.alloy", "kubernetes/config.alloy"} {
		t.Run(name, func(t *testing.T) {
			source, err := os.ReadFile(filepath.Join(infrastructure, "alloy", name))
			if err != nil {
				t.Fatal(err)
			}
			file, err := parser.ParseFile(name, source)
			if err != nil {
				t.Fatal(err)
			}
			var formatted bytes.Buffer
			if err := printer.Fprint(&formatted, file); err != nil {
				t.Fatal(err)
			}
			if strings.TrimSpace(formatted.String()) != strings.TrimSpace(string(source)) {
				t.Errorf("not formatted; this is how:\n%s", formatted.String())
			}
		})
	}
}

// setting returns the match of the pattern's group in pipeline.alloy.
func setting(t *testing.T, pattern string) string {
	source, err := os.ReadFile(filepath.Join(infrastructure, "alloy/pipeline.alloy"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(pattern).FindSubmatch(source)
	if found == nil {
		t.Fatalf("pipeline.alloy has no %s", pattern)
	}
	return string(found[1])
}

// A line of every program that writes JSON, and the expected fields.
func TestJSONLines(t *testing.T) {
	if layout := setting(t, `format = "(\w+)"`); layout != "RFC3339Nano" {
		t.Fatalf("times are read as %s", layout)
	}
	lines := map[string]struct{ line, level, trace string }{
		"our services": {
			`{"ts":"2026-01-31T23:59:59.123456Z","level":"info","service":"api","msg":"request","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","method":"GET","status":200}`,
			"info", "4bf92f3577b34da6a3ce929d0e0e4736",
		},
		"Traefik": {
			`{"level":"warn","providerName":"docker","time":"2026-01-31T23:59:59Z","message":"Health check failed."}`,
			"warn", "",
		},
		"Traefik, access log": {
			`{"DownstreamStatus":200,"RouterName":"api@file","TraceId":"4bf92f3577b34da6a3ce929d0e0e4736","SpanId":"00f067aa0ba902b7","level":"info","msg":"","time":"2026-01-31T23:59:59Z"}`,
			"info", "4bf92f3577b34da6a3ce929d0e0e4736",
		},
		"Grafana": {
			`{"level":"warn","logger":"plugin.store","msg":"Plugin not found","t":"2026-01-31T23:59:59.123456789Z"}`,
			"warn", "",
		},
		"Jaeger": {
			`{"level":"warn","ts":"2026-01-31T23:59:59.123Z","caller":"memorylimiter/memorylimiter.go:96","msg":"Memory usage is above soft limit"}`,
			"warn", "",
		},
	}
	for program, expected := range lines {
		var line map[string]any
		if err := json.Unmarshal([]byte(expected.line), &line); err != nil {
			t.Fatal(err)
		}
		find := func(name string) string {
			value, err := jmespath.Search(setting(t, `(?m)^\s*`+name+`\s+= "(.*)",$`), line)
			if err != nil {
				t.Fatal(err)
			}
			text, _ := value.(string)
			return text
		}
		if got := find("level"); got != expected.level {
			t.Errorf("%s: level %q", program, got)
		}
		if got := find("trace_id"); got != expected.trace {
			t.Errorf("%s: trace %q", program, got)
		}
		at, err := time.Parse(time.RFC3339Nano, find("ts"))
		if err != nil || at.Unix() != 1769903999 {
			t.Errorf("%s: at %s (%v)", program, at, err)
		}
	}
}

func TestPostgresLines(t *testing.T) {
	expression := regexp.MustCompile(setting(t, "expression = `(.*)`"))
	layout := setting(t, `format\s+= "(2006-01-02 .*)"`)
	first := regexp.MustCompile(setting(t, "firstline\\s+= `(.*)`"))
	for line, level := range map[string]string{
		"2026-01-31 23:59:59.123 UTC [42] LOG:  checkpoint starting: time":                    "LOG",
		"2026-01-31 23:59:59.123 UTC [42] mlp_user@mlp_db ERROR:  deadlock detected":          "ERROR",
		"2026-01-31 23:59:59.123 UTC [42] [unknown]@[unknown] DEBUG1:  ok\nand a second line": "DEBUG",
	} {
		found := expression.FindStringSubmatch(line)
		if found == nil || !first.MatchString(line) {
			t.Errorf("not understood: %s", line)
			continue
		}
		if got := found[expression.SubexpIndex("level")]; got != level {
			t.Errorf("%s has level %s, not %s", line, got, level)
		}
		at, err := time.Parse(layout, found[expression.SubexpIndex("ts")])
		if err != nil || at.UnixMilli() != 1769903999123 {
			t.Errorf("%s was at %s (%v)", line, at, err)
		}
	}
	if first.MatchString("\tWHERE id = 1") {
		t.Error("the second line of a statement is taken for a new entry")
	}
}

// The template that maps all levels to five; in the file it is between backquotes.
func levelTemplate(t *testing.T) *template.Template {
	var text strings.Builder
	parts := setting(t, `(?s)template = string.join\(\[(.*?)\], ""\)`)
	for _, part := range regexp.MustCompile("`(.*)`").FindAllStringSubmatch(parts, -1) {
		text.WriteString(part[1])
	}
	functions := template.FuncMap{"ToLower": strings.ToLower}
	return template.Must(template.New("level").Funcs(functions).Parse(text.String()))
}

func TestLevels(t *testing.T) {
	level := levelTemplate(t)
	for written, expected := range map[string]string{
		"debug": "debug", "trace": "debug", "DEBUG": "debug",
		"info": "info", "LOG": "info", "NOTICE": "info", "STATEMENT": "info",
		"warn": "warn", "WARNING": "warn",
		"error": "error", "ERR": "error", "FATAL": "error", "PANIC": "error", "critical": "error",
		"": "unknown", "verbose": "unknown",
	} {
		var result strings.Builder
		if err := level.Execute(&result, map[string]any{"Value": written}); err != nil {
			t.Fatal(err)
		}
		if result.String() != expected {
			t.Errorf("%q becomes %q, not %q", written, result.String(), expected)
		}
	}
	// A line in which no level was found has no value at all.
	var result strings.Builder
	if err := level.Execute(&result, map[string]any{}); err != nil || result.String() != "unknown" {
		t.Errorf("no level becomes %q (%v)", result.String(), err)
	}
}
