package lambda

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"

	"greenlight/internal/sqldb"
)

//go:embed migrations/*.sql
var embedded embed.FS

func migrations() fs.FS {
	files, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic(err) // the folder is part of the binary
	}
	return files
}

func saveFunction(f *function) write {
	return saveDocument(`INSERT INTO function (account, region, name, document) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account, region, name) DO UPDATE SET document = excluded.document`,
		&f.functionDocument, f.id.Account, f.id.Region, f.id.Name)
}

func removeFunction(id functionID) write {
	return execute(`DELETE FROM function WHERE account = $1 AND region = $2 AND name = $3`,
		id.Account, id.Region, id.Name)
}

func saveVersion(id functionID, v *version) write {
	return saveDocument(`INSERT INTO version (account, region, function, number, document) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account, region, function, number) DO UPDATE SET document = excluded.document`,
		v, id.Account, id.Region, id.Name, v.Number)
}

func removeVersion(id functionID, number string) write {
	return execute(`DELETE FROM version WHERE account = $1 AND region = $2 AND function = $3 AND number = $4`,
		id.Account, id.Region, id.Name, number)
}

func saveAlias(id functionID, a *alias) write {
	return saveDocument(`INSERT INTO alias (account, region, function, name, document) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account, region, function, name) DO UPDATE SET document = excluded.document`,
		a, id.Account, id.Region, id.Name, a.Name)
}

func removeAlias(id functionID, name string) write {
	return execute(`DELETE FROM alias WHERE account = $1 AND region = $2 AND function = $3 AND name = $4`,
		id.Account, id.Region, id.Name, name)
}

// saveDocument runs a query whose arguments are a key and, last, a document.
func saveDocument(query string, document any, key ...any) write {
	return func(tx *sqldb.Tx) error {
		text, err := json.Marshal(document)
		if err != nil {
			return err
		}
		return execute(query, append(slices.Clip(key), string(text))...)(tx)
	}
}

func execute(query string, args ...any) write {
	return func(tx *sqldb.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	}
}

// load reads every function into the index and holds the code of its versions.
func (s *Service) load(ctx context.Context) error {
	functions := map[functionID]*function{}
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		clear(functions)
		return firstError(loadFunctions(tx, functions), loadVersions(tx, functions), loadAliases(tx, functions))
	})
	if err != nil {
		return fmt.Errorf("read functions: %w", err)
	}
	for id, f := range functions {
		if f.latest == nil {
			return fmt.Errorf("read functions: %s has no %s", id.Name, latestVersion)
		}
		slices.SortFunc(f.versions, func(a, b *version) int { return compareNumbers(a.Number, b.Number) })
		for _, v := range f.all() {
			s.code.hold(v.CodeSHA256)
		}
		e, release := s.functions.claim(id)
		e.current.Store(f)
		release()
	}
	return nil
}

func loadFunctions(tx *sqldb.Tx, functions map[functionID]*function) error {
	return eachDocument(tx, `SELECT account, region, name, '', document FROM function`,
		func(id functionID, _ string, document []byte) error {
			f := &function{id: id, aliases: map[string]*alias{}}
			functions[id] = f
			return json.Unmarshal(document, &f.functionDocument)
		})
}

func loadVersions(tx *sqldb.Tx, functions map[functionID]*function) error {
	return eachDocument(tx, `SELECT account, region, function, number, document FROM version`,
		func(id functionID, number string, document []byte) error {
			f, v := functions[id], new(version)
			if number == latestVersion {
				f.latest = v
			} else {
				f.versions = append(f.versions, v)
			}
			return json.Unmarshal(document, v)
		})
}

func loadAliases(tx *sqldb.Tx, functions map[functionID]*function) error {
	return eachDocument(tx, `SELECT account, region, function, name, document FROM alias`,
		func(id functionID, name string, document []byte) error {
			a := new(alias)
			functions[id].aliases[name] = a
			return json.Unmarshal(document, a)
		})
}

func eachDocument(tx *sqldb.Tx, query string, fn func(id functionID, name string, document []byte) error) error {
	rows, err := tx.Query(query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id functionID
		var name string
		var document []byte
		if err := rows.Scan(&id.Account, &id.Region, &id.Name, &name, &document); err != nil {
			return err
		}
		if err := fn(id, name, document); err != nil {
			return err
		}
	}
	return rows.Err()
}
