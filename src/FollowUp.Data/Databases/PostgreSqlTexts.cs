using System.Data.Common;
using FollowUp.Data.Context;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FollowUp.Data.Databases;

/// <summary>
/// The net behind the checks at the edge: no text that PostgreSQL cannot hold goes into a command, or the whole transaction would fail, and a
/// patient's reply with it. What is searched for by such a text is not found.
/// </summary>
internal sealed class PostgreSqlTexts : DbCommandInterceptor
{
    public static PostgreSqlTexts Instance { get; } = new();

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Clean(command);
        return ValueTask.FromResult(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Clean(command);
        return ValueTask.FromResult(result);
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        Clean(command);
        return ValueTask.FromResult(result);
    }

    private static void Clean(DbCommand command)
    {
        foreach (DbParameter parameter in command.Parameters)
        {
            switch (parameter.Value)
            {
                case string text when StorableText.Of(text) is var storable && !ReferenceEquals(storable, text):
                    parameter.Value = storable;
                    break;
                case IEnumerable<string?> texts when texts.Any(text => text is not null && !ReferenceEquals(StorableText.Of(text), text)):
                    parameter.Value = texts.Select(text => text is null ? null : StorableText.Of(text)).ToArray();
                    break;
            }
        }
    }
}
