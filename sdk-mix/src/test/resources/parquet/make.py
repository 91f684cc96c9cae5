# Makes the files beside it: parquet-cpp-arrow is the writer that Hugging Face uses. pip install pyarrow
import pyarrow as pa, pyarrow.parquet as pq, os
here = os.path.dirname(os.path.abspath(__file__))
texts=[f"Document {i}: " + "über, 漢字, 🙂 " * (i % 7) + "end" for i in range(40)]
texts[3]=None; texts[17]=None
t=pa.table({"id":pa.array(range(40)),"text":pa.array(texts,pa.string())})
k=dict(row_group_size=16)
pq.write_table(t,here+"/plain-v1.parquet",compression='none',use_dictionary=False,data_page_version='1.0',write_statistics=False,**k)
pq.write_table(t,here+"/dictionary-gzip.parquet",compression='gzip',use_dictionary=True,**k)
pq.write_table(t,here+"/delta-length-zstd-v2.parquet",compression='zstd',use_dictionary=False,column_encoding={"text":"DELTA_LENGTH_BYTE_ARRAY"},data_page_version='2.0',write_page_checksum=True,**k)
pq.write_table(t,here+"/delta-snappy-v2.parquet",compression='snappy',use_dictionary=False,column_encoding={"text":"DELTA_BYTE_ARRAY"},data_page_version='2.0',**k)
pq.write_table(t,here+"/lz4-small-pages.parquet",compression='lz4',use_dictionary=False,data_page_size=64,write_batch_size=4,**k)
pq.write_table(t,here+"/brotli.parquet",compression='brotli',**k)
n=pa.table({"doc":pa.array([{"text":x,"n":1} if i!=5 else None for i,x in enumerate(texts)],pa.struct([("text",pa.string()),("n",pa.int32())])),"tags":pa.array([["a","b"]]*40),"number":pa.array(range(40)),"blob":pa.array([b"\xff\xfe"]*2+[b"ok"]*38,pa.binary())})
pq.write_table(n,here+"/nested.parquet",compression='snappy',**k)
big=pa.table({"text":pa.array(texts,pa.large_string())})
pq.write_table(big,here+"/large-string.parquet",compression='snappy')
