// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/singer/plan.hpp"

#include "connectors/sources/mapping/record_compiler.hpp"
#include "connectors/sources/singer/source_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <unistd.h>

namespace nudged::sources::singer {
namespace {

namespace fs = std::filesystem;

/// Where a key of [source] stands; the source where it does not.
Place place_of_key(const SourceOptions& source, const SingerSourceOptions& singer,
                   std::string_view key) {
    const auto* table = singer.text ? singer.text->table["source"].as_table() : nullptr;
    const auto* node = table ? table->get(key) : nullptr;
    return node ? place_of(*node, singer.text->file) : source.place;
}

std::string resolve(const std::string& path, const std::string& folder) {
    return path.empty() ? path : (fs::path{folder} / path).lexically_normal().string();
}

class PlanCompiler {
public:
    PlanCompiler(const SourceOptions& source, const SingerSourceOptions& singer,
                 Diagnostics& problems)
        : source_(source), singer_(singer), problems_(problems) {}

    Plan compile() {
        read_command();
        plan_.catalog = read_file("catalog", singer_.catalog);
        plan_.properties = read_file("properties", singer_.properties);
        if (!plan_.catalog.empty() && !plan_.properties.empty())
            error("properties", "a tap takes either a catalog or properties",
                  "keep the one that its manual names");
        read_streams();
        // Two streams that feed one entity map it in two ways, by turns.
        for (auto& [name, plans] : plan_.streams)
            for (auto& plan : plans)
                if (!plan_.is_fed_by_one(plan.entity)) plan.digest.clear();
        return std::move(plan_);
    }

private:
    void error(std::string_view key, std::string what, std::string remedy) {
        problems_.error(place_of_key(source_, singer_, key), std::move(what), std::move(remedy));
    }

    /// A program with a slash in it is a path, from the source's file on.
    void read_command() {
        plan_.command = singer_.command;
        if (plan_.command.empty() || plan_.command.front().empty()) {
            error("command", "the source names no tap", "add command = [\"tap-…\"]");
            return;
        }
        for (const auto& word : plan_.command)
            if (word.find("{credential.") != word.npos)
                error("command", "a command line is no place for a credential: everybody sees it",
                      "put it into `config`");
        auto& program = plan_.command.front();
        if (program.find('/') == program.npos) return;
        program = resolve(program, singer_.folder);
        if (::access(program.c_str(), X_OK) != 0)
            error("command", fmt::format("the program {} is not there", program),
                  "install the tap, executable by the user that nudged runs as");
    }

    std::string read_file(std::string_view key, const std::string& name) {
        const auto path = resolve(name, singer_.folder);
        if (!path.empty() && ::access(path.c_str(), R_OK) != 0)
            error(key, fmt::format("the file {} cannot be read", path),
                  "make it with the tap's --discover");
        return path;
    }

    void read_streams() {
        const auto* table = singer_.text ? singer_.text->table["source"].as_table() : nullptr;
        if (table) {
            TomlTable own{*table, singer_.text->file, problems_};
            for (auto& stream : own.tables("stream")) read_stream(stream);
        }
        if (plan_.streams.empty() && !problems_.has_errors())
            problems_.error(source_.place, "the source maps no stream", "add a [[source.stream]]");
    }

    void read_stream(TomlTable& table) {
        const auto name = table.required_text("stream");
        const auto word = table.required_text("entity");
        const auto entity = model::entity_of(word);
        const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
        if (std::ranges::any_of(name, is_control))
            table.error("stream", "the name of a stream holds no control characters");
        if (!entity) {
            std::vector<std::string> known;
            for (const auto one : model::all_entities()) known.emplace_back(to_string(one));
            if (!word.empty())
                table.error("entity", fmt::format("there is no entity \"{}\"", word),
                            hint(word, known, "entities"));
            return;
        }
        RecordCompiler compiler{no_settings_, no_own_, source_.zone, problems_};
        plan_.streams[name].push_back(compiler.read(*entity, table));
        table.finish();
        if (std::ranges::count(plan_.entities, *entity) == 0) plan_.entities.push_back(*entity);
    }

    const SourceOptions& source_;
    const SingerSourceOptions& singer_;
    Diagnostics& problems_;
    const Settings no_settings_;
    const std::map<std::string, FieldMapping> no_own_;
    Plan plan_;
};

}  // namespace

bool Plan::is_fed_by_one(model::Entity entity) const {
    return std::ranges::count_if(streams, [&](const auto& stream) {
               return std::ranges::any_of(stream.second,
                                          [&](const auto& plan) { return plan.entity == entity; });
           }) == 1;
}

Plan compile_plan(const SourceOptions& source, Diagnostics& problems) {
    if (const auto* singer = std::get_if<SingerSourceOptions>(&source.connector_options))
        return PlanCompiler{source, *singer, problems}.compile();
    problems.error(source.place, "the source names no tap", "add command = [\"tap-…\"]");
    return {};
}

}  // namespace nudged::sources::singer
