using Grpc.Core;

namespace FollowUp.EmbeddedHost.Engine;

/// <summary>The rules of instance ids: the ones of the store a clinic would run on in the cloud.</summary>
internal static class InstanceId
{
    private const int Longest = 256;

    /// <exception cref="RpcException">The id breaks a rule; the detail says which.</exception>
    public static void RequireValid(string id)
    {
        if (id.StartsWith('@'))
        {
#pragma warning disable CA2208 // The real client's message names its own parameter.
            throw new ArgumentException(
                "Instance IDs starting with '@' are reserved for entities, and must not be used for orchestrations, when entity support is enabled.",
                "options?.InstanceId");
#pragma warning restore CA2208
        }

        if (id.Any(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)))
        {
            throw Refused(id, @"instanceId (Parameter 'Orchestration instance ids must not contain /, \, #, ?, or control characters.')");
        }

        if (id.Length > Longest)
        {
            throw Refused(id, $"instanceId (Parameter 'Instance ID lengths must not exceed {Longest} characters.')");
        }
    }

    /// <exception cref="RpcException">Always.</exception>
    public static RpcException UnknownOrchestrator(string id, string name, IEnumerable<string> known) => Refused(
        id,
        $"The function '{name}' doesn't exist, is disabled, or is not an orchestrator function. Additional info: "
        + $"The following are the known orchestrator functions: {string.Join(", ", known.Order(StringComparer.Ordinal).Select(k => $"'{k}'"))}.");

    private static RpcException Refused(string id, string reason) =>
        new(new Status(StatusCode.Internal, $"Failed to start instance with ID {id}.\nInner Exception message: {reason}."));
}
