using FollowUp.Data.Context;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace FollowUp.Data.Moves;

/// <summary>A table that an export holds, as the model of the store says: a new table is exported by itself.</summary>
/// <param name="Name">As the schema names it.</param>
/// <param name="Columns">In the order in which an export writes them.</param>
/// <param name="Key">The columns of the primary key, by which rows are ordered.</param>
/// <param name="Numbered">The column that the database counts, if there is one.</param>
internal sealed record MovedTable(string Name, IReadOnlyList<MovedColumn> Columns, IReadOnlyList<string> Key, string? Numbered)
{
    /// <summary>
    /// Tables that stay behind, because they are about this place and not about the clinics: who is signed in here, who has guessed passwords here, and
    /// the keys of this place's cookies. Staff sign in again, with their own names and passwords, which do come along.
    /// </summary>
    public static readonly IReadOnlySet<Type> LeftBehind =
        new HashSet<Type> { typeof(DashboardSessionRow), typeof(SignInFailureRow), typeof(DataProtectionKeyRow) };

    /// <summary>All that are exported, those that others refer to first.</summary>
    public static IReadOnlyList<MovedTable> Of(FollowUpContext db)
    {
        List<IEntityType> ordered = [];
        foreach (var entity in db.Model.GetEntityTypes().Where(entity => !LeftBehind.Contains(entity.ClrType)).OrderBy(entity => entity.GetTableName(), StringComparer.Ordinal))
        {
            Add(entity);
        }

        return [.. ordered.Select(Of)];

        void Add(IEntityType entity)
        {
            if (ordered.Contains(entity))
            {
                return;
            }

            foreach (var key in entity.GetForeignKeys().Where(key => key.PrincipalEntityType != entity))
            {
                Add(key.PrincipalEntityType);
            }

            ordered.Add(entity);
        }
    }

    /// <summary>Quoted for SQL: <c>"a", "b"</c>.</summary>
    public static string List(IEnumerable<string> columns) => string.Join(", ", columns.Select(column => $"\"{column}\""));

    private static MovedTable Of(IEntityType entity)
    {
        var key = entity.FindPrimaryKey()!.Properties;
        return new MovedTable(
            entity.GetTableName()!,
            [.. entity.GetProperties().Select(property => new MovedColumn(property.GetColumnName(), IsText(property)))],
            [.. key.Select(property => property.GetColumnName())],
            key is [{ ClrType: var type, ValueGenerated: ValueGenerated.OnAdd } only] && type == typeof(long) ? only.GetColumnName() : null);
    }

    private static bool IsText(IProperty property) =>
        (property.GetTypeMapping().Converter?.ProviderClrType ?? property.ClrType) == typeof(string);
}

/// <param name="Name">As the schema names it.</param>
/// <param name="IsText">Text; else a whole number, as which what is true or false is kept too.</param>
internal sealed record MovedColumn(string Name, bool IsText);
