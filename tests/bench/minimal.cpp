// SPDX-License-Identifier: Apache-2.0
// bench_minimal BASE_URL FILE: what nudged is measured against. The least that loads a CRM: one
// thread that downloads a page, parses it in place and upserts twelve columns of each record, with
// 10,000 rows a transaction, two secondary indexes a table and a checkpoint every 64 MB.
#include <curl/curl.h>
#include <rapidjson/document.h>
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using Json = rapidjson::Value;

constexpr int rows_a_transaction = 10'000;

[[noreturn]] void give_up(const char* why) {
    std::fprintf(stderr, "bench_minimal: %s\n", why);
    std::exit(1);
}

struct Table {
    const char* object;                   // in the address
    const char* name;                     // of the table, and its columns beside the id
    std::vector<const char*> properties;  // under "properties"
    const char* indexes;
};

const Table tables[] = {
    {"calls",
     "call",
     {"hs_lastmodifieddate", "hubspot_owner_id", "hs_timestamp", "hs_call_duration",
      "hs_call_direction", "hs_call_disposition", "hs_call_title", "hs_createdate"},
     "CREATE INDEX call_owner ON call(hubspot_owner_id, hs_timestamp);"
     "CREATE INDEX call_account ON call(account, hs_timestamp)"},
    {"tasks",
     "task",
     {"hs_lastmodifieddate", "hubspot_owner_id", "hs_timestamp", "hs_task_subject",
      "hs_task_status", "hs_task_completion_date", "hs_task_priority", "hs_createdate"},
     "CREATE INDEX task_owner ON task(hubspot_owner_id, hs_task_completion_date);"
     "CREATE INDEX task_account ON task(account)"},
    {"deals",
     "deal",
     {"hs_lastmodifieddate", "hubspot_owner_id", "dealname", "dealstage", "amount",
      "deal_currency_code", "closedate", "hs_next_step"},
     "CREATE INDEX deal_owner ON deal(hubspot_owner_id);"
     "CREATE INDEX deal_account ON deal(account)"},
};

class Download {
public:
    Download() : handle_(curl_easy_init()) {
        curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &append);
        curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &body_);
        curl_easy_setopt(handle_, CURLOPT_FAILONERROR, 1L);
        curl_easy_setopt(handle_, CURLOPT_BUFFERSIZE, 512L * 1024);
    }
    std::string& get(const std::string& url) {
        body_.clear();
        curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
        if (curl_easy_perform(handle_) != CURLE_OK) give_up("the download failed");
        return body_;
    }

private:
    static std::size_t append(char* bytes, std::size_t, std::size_t size, void* body) {
        static_cast<std::string*>(body)->append(bytes, size);
        return size;
    }
    CURL* handle_;
    std::string body_;
};

class Store {
public:
    explicit Store(const char* path) {
        if (sqlite3_open(path, &handle_) != SQLITE_OK) give_up("cannot open the file");
        run("PRAGMA journal_mode = WAL");
        run("PRAGMA synchronous = NORMAL");
        run("PRAGMA wal_autocheckpoint = 16384");
    }
    ~Store() { sqlite3_close(handle_); }
    void run(const std::string& sql) {
        if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
            give_up(sqlite3_errmsg(handle_));
    }
    sqlite3_stmt* prepare(const std::string& sql) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
            give_up(sqlite3_errmsg(handle_));
        return statement;
    }

private:
    sqlite3* handle_ = nullptr;
};

void bind(sqlite3_stmt* statement, int parameter, const Json* value) {
    if (value && value->IsString())
        sqlite3_bind_text(statement, parameter, value->GetString(),
                          static_cast<int>(value->GetStringLength()), SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, parameter);
}

const Json* member(const Json& object, const char* name) {
    const auto found = object.FindMember(name);
    return found == object.MemberEnd() ? nullptr : &found->value;
}

const Json* associated(const Json& record, const char* with) {
    return &record["associations"][with]["results"][0]["id"];
}

sqlite3_stmt* make_table(Store& store, const Table& table) {
    std::string columns = "url TEXT, account TEXT, contact TEXT";
    std::string names = "id, url, account, contact";
    std::string places = "?1, ?2, ?3, ?4";
    std::string updates =
        "url = excluded.url, account = excluded.account, contact = excluded.contact";
    int parameter = 4;
    for (const std::string property : table.properties) {
        columns += ", " + property + " TEXT";
        names += ", " + property;
        places += ", ?" + std::to_string(++parameter);
        updates += ", " + property + " = excluded." + property;
    }
    const std::string name = table.name;
    store.run("CREATE TABLE IF NOT EXISTS " + name + " (id TEXT PRIMARY KEY, " + columns + ")");
    if (sqlite3_stmt* is_there =
            store.prepare("SELECT 1 FROM sqlite_schema WHERE name = '" + name + "_owner'");
        sqlite3_step(is_there) != SQLITE_ROW) {
        sqlite3_finalize(is_there);
        store.run(table.indexes);
    } else {
        sqlite3_finalize(is_there);
    }
    return store.prepare("INSERT INTO " + name + " (" + names + ") VALUES (" + places +
                         ") ON CONFLICT (id) DO UPDATE SET " + updates);
}

void upsert(sqlite3_stmt* statement, const Table& table, const Json& record) {
    bind(statement, 1, member(record, "id"));
    bind(statement, 2, member(record, "url"));
    bind(statement, 3, associated(record, "companies"));
    bind(statement, 4, associated(record, "contacts"));
    const Json& properties = record["properties"];
    int parameter = 4;
    for (const auto* property : table.properties)
        bind(statement, ++parameter, member(properties, property));
    if (sqlite3_step(statement) != SQLITE_DONE) give_up("a row cannot be written");
    sqlite3_reset(statement);
}

std::size_t load(Store& store, Download& download, const std::string& base, const Table& table) {
    sqlite3_stmt* statement = make_table(store, table);
    std::size_t rows = 0;
    std::string after = "0";
    store.run("BEGIN");
    while (!after.empty()) {
        auto& body = download.get(base + "/" + table.object + "?limit=200&after=" + after);
        rapidjson::Document page;
        page.ParseInsitu<rapidjson::kParseNoFlags>(body.data());
        if (page.HasParseError()) give_up("a page is no JSON");
        for (const auto& record : page["results"].GetArray()) {
            upsert(statement, table, record);
            if (++rows % rows_a_transaction == 0) store.run("COMMIT; BEGIN");
        }
        const Json* paging = member(page, "paging");
        after = paging ? (*paging)["next"]["after"].GetString() : "";
    }
    store.run("COMMIT");
    sqlite3_finalize(statement);
    return rows;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) give_up("usage: bench_minimal BASE_URL FILE");
    Download download;
    Store store{argv[2]};
    std::size_t rows = 0;
    for (const auto& table : tables) rows += load(store, download, argv[1], table);
    std::printf("%zu rows\n", rows);
}
