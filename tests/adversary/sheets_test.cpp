// SPDX-License-Identifier: Apache-2.0
// Tables that are edited, replaced and half copied while they are read: once it is quiet, the
// warehouse is what they say.
#include "tests/adversary/copy.hpp"
#include "tests/adversary/log.hpp"
#include "tests/adversary/random.hpp"
#include "tests/adversary/seeds.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <map>
#include <memory>

using namespace nudged;

namespace {

using namespace std::chrono_literals;
using adversary::Random;
using model::Entity;

constexpr model::Stream accounts{Entity::account, model::Lane::incremental};

/// A table of accounts: names by id, and the file that someone keeps it in.
struct Sheet {
    std::string file;
    std::map<std::int64_t, std::string> rows{};
};

std::string text_of(const Sheet& sheet) {
    std::string text = "id,name\n";
    for (const auto& [id, name] : sheet.rows) text += fmt::format("{},\"{}\"\n", id, name);
    return text;
}

class SheetTrial {
public:
    SheetTrial(tests::HttpBench& bench, std::uint64_t seed);
    /// What is wrong in the end; empty: nothing.
    std::string run();
    std::string log() const { return log_.text(); }

private:
    void step();
    void edit(Sheet& sheet);
    void remove_a_few(Sheet& sheet);
    void save(const Sheet& sheet);
    void put(const std::string& file, std::string_view text, bool in_place);
    void pull_page();
    void pull_all();
    std::string differences() const;

    tests::HttpBench& bench_;
    Random random_;
    tests::TempFolder folder_;
    std::filesystem::file_time_type saved_at_ = std::filesystem::file_time_type::clock::now() - 24h;
    std::vector<Sheet> sheets_;
    std::int64_t last_id_ = 0;
    adversary::Copy copy_;
    adversary::Log log_;
    sources::SourceOptions options_;
    std::unique_ptr<sources::Source> source_;
    std::uint64_t kept_ = 0;
};

SheetTrial::SheetTrial(tests::HttpBench& bench, std::uint64_t seed) : bench_(bench), random_(seed) {
    const auto tables = random_.between(1, 3);
    std::vector<sources::CsvTable> read;
    for (std::int64_t i = 1; i <= tables; ++i) {
        Sheet sheet{.file = fmt::format("accounts{}.csv", i)};
        // More than a page of them, now and then.
        const auto rows = random_.one_in(3) ? random_.between(1500, 5000) : random_.between(1, 60);
        for (std::int64_t row = 0; row < rows; ++row) sheet.rows[++last_id_] = "Acme";
        sources::CsvTable table;
        table.file = sheet.file;
        table.entity = "account";
        table.complete = true;
        table.id.from = {"id"};
        table.map["name"].from = {"name"};
        read.push_back(std::move(table));
        save(sheet);
        sheets_.push_back(std::move(sheet));
    }
    options_.name = "crm";
    options_.connector = "csv";
    options_.connector_options =
        sources::CsvSourceOptions{std::move(read), folder_.path().string()};
    source_ = bench_.source(options_);
}

/// Every version of a file has a time of its own, as on a clock that is fine enough.
void SheetTrial::put(const std::string& file, std::string_view text, bool in_place) {
    const auto path = folder_.path() / file;
    const auto written = in_place ? path : folder_.path() / "new.csv";
    std::ofstream{written, std::ios::binary} << text;
    saved_at_ += 1s;
    std::filesystem::last_write_time(written, saved_at_);
    if (!in_place) std::filesystem::rename(written, path);
}

void SheetTrial::save(const Sheet& sheet) {
    put(sheet.file, text_of(sheet), random_.one_in(2));
}

/// Never so many that nobody would believe it.
void SheetTrial::remove_a_few(Sheet& sheet) {
    const auto most = std::min<std::int64_t>(3, static_cast<std::int64_t>(sheet.rows.size()) / 20);
    for (auto left = most; left > 0; --left) {
        auto row = sheet.rows.begin();
        std::advance(row, random_.between(0, static_cast<std::int64_t>(sheet.rows.size()) - 1));
        sheet.rows.erase(row);
    }
    log_.add(fmt::format("{} rows leave {}", most, sheet.file));
}

void SheetTrial::edit(Sheet& sheet) {
    const auto choice = random_.between(1, 4);
    if (choice == 1) remove_a_few(sheet);
    if (choice == 2) {
        for (auto count = random_.between(1, 5); count > 0; --count)
            sheet.rows[++last_id_] = fmt::format("new, of {}", random_.between(0, 999));
        log_.add(fmt::format("rows up to {} come to {}", last_id_, sheet.file));
    }
    if (choice >= 3) {
        auto row = sheet.rows.begin();
        std::advance(row, random_.between(0, static_cast<std::int64_t>(sheet.rows.size()) - 1));
        row->second = fmt::format("over\ntwo lines {}", random_.between(0, 999));
        log_.add(fmt::format("row {} of {} has another name", row->first, sheet.file));
    }
    save(sheet);
}

void SheetTrial::pull_page() {
    const auto from = copy_.cursor(accounts);
    try {
        const auto page = bench_.fetch(*source_, accounts, from);
        const bool is_lost = random_.one_in(5);
        if (!is_lost) kept_ = copy_.store(accounts, page, bench_.now).kept;
        log_.add(fmt::format("page of {} records{}{}", page.records.size(),
                             page.more ? "" : ", no more", is_lost ? ", lost" : ""));
    } catch (const Failure& failure) {
        log_.add(failure.what());
    }
    if (random_.one_in(6)) source_ = bench_.source(options_);
}

void SheetTrial::step() {
    bench_.now = bench_.now.load() + random_.between(1s, 1h);
    auto& sheet = sheets_[static_cast<std::size_t>(
        random_.between(0, static_cast<std::int64_t>(sheets_.size()) - 1))];
    const auto choice = random_.between(1, 20);
    if (choice <= 6) {
        edit(sheet);
    } else if (choice == 7) {
        const auto text = text_of(sheet);
        const auto half = random_.between(0, static_cast<std::int64_t>(text.size()));
        put(sheet.file, std::string_view{text}.substr(0, static_cast<std::size_t>(half)), true);
        log_.add(fmt::format("{} is half copied", sheet.file));
    } else if (choice == 8) {
        std::filesystem::remove(folder_.path() / sheet.file);
        log_.add(fmt::format("{} is gone", sheet.file));
    } else {
        pull_page();
    }
}

void SheetTrial::pull_all() {
    for (bool more = true; more;) {
        const auto page = bench_.fetch(*source_, accounts, copy_.cursor(accounts));
        more = page.more;
        kept_ = copy_.store(accounts, page, bench_.now).kept;
    }
}

std::string SheetTrial::differences() const {
    std::map<std::string, std::string> expected;
    for (const auto& sheet : sheets_)
        for (const auto& [id, name] : sheet.rows) expected[std::to_string(id)] = name;
    std::string found;
    for (const auto& [id, row] : copy_.rows(Entity::account)) {
        const auto there = expected.find(id);
        if (row.deleted != (there == expected.end()))
            found += fmt::format("account {} is {}\n", id, row.deleted ? "a tombstone" : "alive");
        if (there == expected.end()) continue;
        if (!row.deleted && row.fields.at("name") != there->second)
            found += fmt::format("account {} has its former name\n", id);
        expected.erase(there);
    }
    for (const auto& [id, name] : expected) found += fmt::format("account {} is missing\n", id);
    return found;
}

std::string SheetTrial::run() {
    for (auto steps = random_.between(10, 60); steps > 0; --steps) step();
    for (const auto& sheet : sheets_) save(sheet);
    bench_.now = bench_.now.load() + 1h;
    pull_all();
    // So many left at once that nobody believed it, before somebody says so.
    if (kept_ > 0) {
        copy_.begin_anew();
        pull_all();
    }
    return differences();
}

}  // namespace

TEST_CASE("after all adversity the warehouse is what the tables say") {
    if (!adversary::is_asked_for("csv")) return;
    tests::HttpBench bench;
    for (const auto seed : adversary::seeds()) {
        INFO(adversary::way_back_to("csv", seed));
        SheetTrial trial{bench, seed};
        const auto problems = trial.run();
        CHECK(problems.empty());
        if (!problems.empty()) std::cerr << trial.log() << problems;
    }
}
