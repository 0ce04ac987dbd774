// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/singer/bench.hpp"

#include "connectors/sources/singer/singer_source.hpp"
#include "connectors/sources/singer/source_text.hpp"
#include "tests/paths.hpp"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>
#include <unistd.h>

namespace nudged::tests {

const std::string TapBench::accounts = R"(
[[source.stream]]
stream = "accounts"
entity = "account"
[source.stream.map]
name = "/name"
)";

const std::string TapBench::accounts_and_calls = accounts + R"(
[[source.stream]]
stream = "calls"
entity = "call"
id = "/call_id"
[source.stream.map]
subject = "/title"
)";

void TapStore::keep(const model::Page& page) {
    ++pages;
    cursor = page.cursor;
    malformed.insert(malformed.end(), page.malformed.begin(), page.malformed.end());
    if (page.snapshot && page.snapshot->begins) seen_[*page.snapshot->entity] = {};
    for (const auto& record : page.records) {
        const std::string id{record.id};
        const auto name = model::fields_of(record.entity);
        std::size_t at = 0;
        while (name[at].name != "name" && name[at].name != "subject") ++at;
        names[record.entity][id] = record.text_at(at);
        if (record.deleted) names[record.entity].erase(id);
        if (page.snapshot) seen_[record.entity].insert(id);
    }
    if (!page.snapshot || !page.snapshot->ends) return;
    const auto entity = *page.snapshot->entity;
    std::erase_if(names[entity], [&](const auto& one) {
        if (seen_[entity].contains(one.first)) return false;
        deleted[entity].insert(one.first);
        return true;
    });
    seen_.erase(entity);
}

TapBench::TapBench() : now(*parse_instant("2026-11-20T12:00:00Z")) {}

std::string TapBench::text(const std::string& keys, const std::string& streams) const {
    return fmt::format("[source]\nname = \"tap\"\nconnector = \"singer\"\ncommand = "
                       "[\"{}\"]\nconfig = {{ script = \"{}\" }}\n{}{}",
                       NUDGED_BINARY_DIR "/bin/test_tap", folder.file("script"), keys, streams);
}

sources::SourceOptions TapBench::options(const std::string& text) const {
    Diagnostics problems;
    auto table = parse_toml(text, "sources.d/tap.toml", problems);
    if (!table) throw std::runtime_error(problems.str());
    sources::SingerSourceOptions singer;
    const auto& source = *table->get_as<toml::table>("source");
    const auto own = [&](const char* key) { return source[key].value_or(std::string{}); };
    for (const auto& word : *source["command"].as_array())
        singer.command.push_back(word.value_or(std::string{}));
    singer.config_file = own("config_file");
    singer.catalog = own("catalog");
    singer.properties = own("properties");
    singer.timeout = std::chrono::seconds{source["timeout_s"].value_or(20)};
    singer.grace = std::chrono::seconds{1};
    singer.max_memory_mb = source["max_memory_mb"].value_or(4096u);
    singer.folder = folder.path().string();
    if (const auto* credentials = source["credentials"].as_table())
        for (const auto& [name, secret] : *credentials)
            singer.credentials[std::string{name.str()}] =
                Secret{secret.value_or(std::string{}), ""};
    singer.text = std::make_shared<const sources::SourceText>(
        sources::SourceText{std::move(*table), "sources.d/tap.toml"});
    sources::SourceOptions made;
    made.name = "tap";
    made.connector = "singer";
    made.connector_options = std::move(singer);
    made.place = {"sources.d/tap.toml", 1, 1};
    return made;
}

std::unique_ptr<sources::Source> TapBench::source(const std::string& text) {
    const sources::SourceContext context{http, workers, [this] { return now; }, ""};
    return sources::make_singer(options(text), context);
}

model::Page TapBench::fetch(sources::Source& source, const model::Cursor& from) {
    return run(source.fetch_page(source.streams().front(), from));
}

void TapBench::pull(sources::Source& source, TapStore& store) {
    for (int pages = 0; pages < 10'000; ++pages) {
        const auto page = fetch(source, store.cursor);
        store.keep(page);
        if (!page.more) return;
    }
    throw std::runtime_error("the stream does not end");
}

Failure TapBench::failing_pull(sources::Source& source, TapStore& store) {
    try {
        pull(source, store);
    } catch (const Failure& failure) {
        return failure;
    }
    throw std::runtime_error("nothing failed");
}

bool is_gone(const std::string& pid_file) {
    const auto has_ended = [&] {
        std::ifstream status{"/proc/" + read_file(pid_file) + "/status"};
        for (std::string line; std::getline(status, line);)
            if (line.starts_with("State:")) return line.find('Z') != std::string::npos;
        return true;
    };
    for (int tries = 0; tries < 500 && !has_ended(); ++tries) ::usleep(10'000);
    return has_ended();
}

std::string out(const std::string& line) {
    return "out " + line + "\n";
}

}  // namespace nudged::tests
