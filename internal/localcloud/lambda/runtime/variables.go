package runtime

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"time"
)

// variables is the whole environment of a function's process. Of the server's own only the search paths are passed on.
// A function may override what is merely a habit of the platform (PATH, HOME, TZ ...), never what Lambda reserves.
func variables(code Code, p program, apiAddress, runtimeDir, home string, now time.Time) []string {
	all := map[string]string{
		"PATH":   os.Getenv("PATH"),
		"LANG":   "C.UTF-8",
		"TZ":     ":UTC",
		"HOME":   home, // where SDKs look for profiles: never the server's
		"TMPDIR": home,
	}
	if libraries, ok := os.LookupEnv("LD_LIBRARY_PATH"); ok {
		all["LD_LIBRARY_PATH"] = libraries
	}
	maps.Copy(all, p.variables)
	maps.Copy(all, code.Environment)
	maps.Copy(all, map[string]string{
		"AWS_LAMBDA_RUNTIME_API":          apiAddress,
		"AWS_LAMBDA_FUNCTION_NAME":        code.Function,
		"AWS_LAMBDA_FUNCTION_VERSION":     code.Version,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(code.MemoryMB),
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + code.Function,
		"AWS_LAMBDA_LOG_STREAM_NAME":      logStream(code.Version, now),
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_EXECUTION_ENV":               "AWS_Lambda_" + code.Runtime,
		"LAMBDA_TASK_ROOT":                code.Dir,
		"LAMBDA_RUNTIME_DIR":              runtimeDir,
		"_HANDLER":                        code.Handler,
	})
	list := make([]string, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, name+"="+all[name])
	}
	return list
}

func logStream(version string, now time.Time) string {
	return fmt.Sprintf("%s/[%s]%s", now.UTC().Format("2006/01/02"), version, randomHex(16))
}

// traceID has the form of an X-Ray trace header that says not to sample.
func traceID(now time.Time) string {
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=0", now.Unix(), randomHex(12), randomHex(8))
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
