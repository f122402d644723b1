using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FollowUp.Testing;

/// <summary>A clinic's own system: a real web server that keeps what is posted to it, and answers as a test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Lock _lock = new();
    private readonly List<Post> _posts = [];

    private Receiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(TakeAsync);
    }

    /// <summary>The status of the answer to a post.</summary>
    public Func<Post, int> Status { get; set; } = _ => StatusCodes.Status204NoContent;

    public string Url => _server.Urls.Single() + "/followup";

    /// <summary>Everything that came, in the order in which it came.</summary>
    public IReadOnlyList<Post> Posts
    {
        get
        {
            lock (_lock)
            {
                return [.. _posts];
            }
        }
    }

    /// <summary>The ids of what was taken, without repetitions, in the order of the first of each.</summary>
    public IReadOnlyList<string> Taken => [.. Posts.Where(post => post.Status < 300).Select(post => post.Id).Distinct()];

    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver();
        await receiver._server.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var post = new Post(
            context.Request.Headers["webhook-id"]!, context.Request.Headers["webhook-timestamp"]!, context.Request.Headers["webhook-signature"]!,
            context.Request.ContentType!, await reader.ReadToEndAsync(context.RequestAborted));
        lock (_lock)
        {
            post = post with { Status = Status(post) };
            _posts.Add(post);
        }

        context.Response.StatusCode = post.Status;
    }

    /// <param name="Id">The header <c>webhook-id</c>.</param>
    internal sealed record Post(string Id, string Timestamp, string Signature, string Type, string Body)
    {
        /// <summary>What the receiver answered.</summary>
        public int Status { get; init; }

        public JsonNode Event => JsonNode.Parse(Body)!;

        public long Sequence => long.Parse((string)Event["sequence"]!, System.Globalization.CultureInfo.InvariantCulture);
    }
}
