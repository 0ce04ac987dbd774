// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/runtime/control.hpp"

#include <cstdio>

namespace nudged::cli {

void add_reload(Parser app, Context& context) {
    app.add_subcommand("reload",
                       "Have the running daemon take a changed configuration, or refuse it whole")
        .callback([&context] {
            // Found without the rest of the configuration, which may be what is wrong.
            const auto path = config::find_paths(context.config_file).control_socket;
            auto client = runtime::ControlClient::connect(path);
            if (!client) {
                fmt::print(stderr,
                           "no daemon listens on {}; is nudged running, and may you open it?\n",
                           path);
                throw Exit{exit_unavailable};
            }
            const runtime::ControlRequest request{.command = "reload", .arguments = {}};
            context.status = client->ask(request, [](const runtime::ControlReply& reply) {
                fmt::print(reply.status == 0 ? stdout : stderr, "{}\n", reply.text);
            });
            if (context.status != 0)
                fmt::print(stderr, "refused; the daemon goes on with the configuration it had\n");
        });
}

}  // namespace nudged::cli
