// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "connectors/sources/mapping/record_compiler.hpp"
#include "connectors/sources/singer/intake.hpp"
#include "connectors/sources/singer/source_text.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <memory>
#include <set>

namespace nudged::fuzz {
namespace {

using namespace sources;

constexpr std::string_view source_text = R"(
[source]
command = ["tap-fuzz"]
[[source.stream]]
stream = "deals"
entity = "opportunity"
id = "/id"
modified = "/updated_at"
[source.stream.map]
name = "/name"
amount = "/amount"
owner = "/owner/id"
close_date = "/close"
[[source.stream]]
stream = "accounts"
entity = "account"
id = "/id"
[source.stream.map]
name = "/name"
)";

singer::Plan make_plan() {
    Diagnostics problems;
    auto text = std::make_shared<SourceText>();
    text->table = *parse_toml(source_text, "fuzz.toml", problems);
    text->file = "fuzz.toml";
    SourceOptions options;
    options.name = "tap";
    options.connector = "singer";
    SingerSourceOptions singer;
    singer.command = {"tap-fuzz"};
    singer.text = text;
    options.connector_options = singer;
    auto plan = singer::compile_plan(options, problems);
    promise(!problems.has_errors(), problems.str());
    return plan;
}

void drain(singer::Intake& intake) {
    while (intake.has_page()) singer::parse_progress(intake.next_page().cursor);
}

}  // namespace

/// The first byte says how many bytes come at once; the rest is what the tap prints.
void fuzz_singer(std::string_view input) {
    static const auto plan = make_plan();
    if (input.empty()) return;
    const std::size_t piece = 1 + static_cast<unsigned char>(input.front()) * 17;
    input.remove_prefix(1);
    std::set<std::string> told;
    singer::Intake intake{plan, {}, "run", from_millis(1'795'176'000'000), told};
    try {
        for (; !input.empty(); input.remove_prefix(std::min(piece, input.size()))) {
            intake.take(input.substr(0, piece));
            drain(intake);
        }
        intake.finish();
    } catch (const Failure&) {
        intake.flush();  // as the source does when a tap breaks off
    }
    drain(intake);
}

}  // namespace nudged::fuzz
