/** What is used of the optional package, so that the program can be built where that is not installed. */
declare module '@duckdb/node-api' {
  export const DuckDBInstance: {
    create(
      path: string,
      options: Readonly<Record<string, string>>,
    ): Promise<{
      connect(): Promise<{
        run(sql: string): Promise<unknown>;
        runAndReadAll(sql: string): Promise<{ getRowObjectsJson(): unknown }>;
        interrupt(): void;
        /** Of the statement that runs; -1 where it is not known. */
        readonly progress: { readonly percentage: number };
        closeSync(): void;
      }>;
      closeSync(): void;
    }>;
  };
}
